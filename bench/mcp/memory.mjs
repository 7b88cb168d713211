import { mbOf } from '../process-usage.mjs';
import { shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { call, openedMcp } from './requests.mjs';

const BUDGET = 1.1;
const WHY =
  'V8 lets the heap grow during the first few thousand calls; what it has then stands beside, after half of the calls.';
/** How many looks at the memory make a figure: what V8 has not collected yet differs from one to the next. */
const LOOKS = 20;

/**
 * The memory of a server early and late in a long session, in which its calls come in turn. Pages come less often: a
 * server answers 600 such calls a minute.
 */
export async function memory({ args, runs }, { isSmoke }) {
  const [few, many] = isSmoke ? [20, 80] : [1_000, 10_000];
  const [run_id] = runs;
  const readings = [
    ['get_job', { job_id: 'prices-00000' }],
    ['list_jobs'],
    ['list_runs'],
    ['get_run', { run_id }],
    ['get_scheduler'],
    ['list_items', { run_id }],
  ];
  const turns = [...readings, ...readings, ...readings, ['get_page', { run_id }]];
  const client = await openedMcp(args);
  let done = 0;
  const callUntil = async (count) => {
    for (; done < count; done += 1) await call(client, ...turns[done % turns.length]);
  };
  /** Looks during the last tenth of so many calls. */
  const mbAfter = async (count) => {
    const looks = [];
    for (let look = 1; look <= LOOKS; look += 1) {
      await callUntil(Math.round(count * (0.9 + (0.1 * look) / LOOKS)));
      looks.push(mbOf(client.pid));
    }
    return spreadOf(looks);
  };
  try {
    const early = await mbAfter(few);
    const middle = await mbAfter(many / 2);
    const late = await mbAfter(many);
    const { value, spread } = shown(late);
    return [
      {
        name: `mcp, memory ${after(many)}`,
        ours: value,
        spread,
        unit: 'MB',
        peers: [
          { name: after(few), ...shown(early) },
          { name: after(many / 2), ...shown(middle) },
        ],
        ...ratioTo(after(few), late.median, early.median),
        ...atMost(late.median / early.median, BUDGET, { why: WHY }),
      },
    ];
  } finally {
    await client.end();
  }
}

const after = (calls) => `after ${calls.toLocaleString('en')} mixed calls`;
