import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { elapsed, shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { OneDueOfMany } from './one-due-of-many.mjs';

const JOBS = 10;
const BUDGET_MS = 100;
/** One occurrence a minute for each home, so that its worker has been dismissed and another is started ahead. */
const REAL = { homes: 10, secondsEach: 6, minutes: 4 };
const SMOKE = { homes: 2, secondsEach: 1, minutes: 1 };

/**
 * From the instant of an occurrence to the first request of its run, as the site sees it, the slowest but one in twenty:
 * homes of ten jobs with a scheduler each, of which one is due at a time.
 */
export async function firstRequestP95({ isSmoke }) {
  const { homes, secondsEach, minutes } = isSmoke ? SMOKE : REAL;
  const all = Array.from(
    { length: homes },
    (_, index) => new OneDueOfMany(JOBS, index * secondsEach, homes * secondsEach),
  );
  try {
    await Promise.all(all.map((home) => home.start()));
    await Promise.all(
      all.map(async (home) => {
        for (let left = minutes; left > 0; left -= 1) await home.waitForDue();
      }),
    );
    const delays = all.flatMap(({ due }) => due).toSorted((a, b) => a - b);
    const node = [];
    for (let left = isSmoke ? 1 : 9; left > 0; left -= 1)
      node.push(await elapsed(() => once(spawn(process.execPath, ['-e', '0']), 'close')));
    const p95 = delays[Math.ceil(0.95 * delays.length) - 1];
    return [
      {
        name: `scheduler, due to the first request of the run, ${JOBS} jobs, p95 of ${delays.length}`,
        ours: p95,
        unit: 'ms',
        peers: [
          { name: 'their median', ...shown(spreadOf(delays)) },
          { name: 'node -e 0', ...shown(spreadOf(node)) },
        ],
        ...ratioTo('its budget', p95, BUDGET_MS),
        ...atMost(p95, BUDGET_MS, { unit: 'ms', why: WHY }),
      },
    ];
  } finally {
    await Promise.all(all.map((home) => home.end()));
  }
}

const WHY =
  'The worker was started two seconds before and has executed nothing yet: V8 compiles what the first run uses.';
