import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPeer } from '../bundled-peer.mjs';
import { removeHome } from '../job-home.mjs';
import { elapsed, inTurn, shown, spreadOf } from '../rounds.mjs';
import { atMost, ratioTo } from '../verdict.mjs';
import { call, openedMcp } from './requests.mjs';
import { shopPage } from './shop-page.mjs';
import { visitedHome } from './visited-home.mjs';

const BUDGET_MS = 300;
/** Makes a page of 1 MB. */
const PRODUCTS = 1_218;
/** Each of the pages of a session is another one: no answer is remembered. */
const SHOPS = ['a', 'b', 'c', 'd', 'e'];
const SECOND = 'the second of a session';
const PARSED = 'a process that parses it with cheerio';
const WHY =
  'The page is parsed, walked and described by a process that stays for a minute; its code is compiled while it works, so the first pages cost most.';

/** The outline of pages of 1 MB that runs have kept: what a session waits for the first one, and for the ones that follow. */
export async function getPage(folder, { rounds = 9, isSmoke }) {
  const products = isSmoke ? 40 : PRODUCTS;
  const pages = SHOPS.map((shop) => shopPage(products, shop));
  const { home, args, runs } = await visitedHome(pages, { item: 'li.product' });
  try {
    const file = join(folder, 'page.html');
    writeFileSync(file, pages[0]);
    const peer = await bundledPeer('parsed-page', folder);
    const [sessions, parsed] = await inTurn(
      [() => session(args, runs, pages), () => elapsed(() => execFileSync(process.execPath, [peer, file]))],
      rounds,
    );
    const first = spreadOf(sessions.map(([time]) => time));
    const next = spreadOf(sessions.flatMap(([, ...times]) => times));
    const second = spreadOf(sessions.map(([, time]) => time));
    const floor = spreadOf(parsed);
    return [
      {
        ...row('the first of a session', first),
        peers: [{ name: PARSED, ...shown(floor) }],
        ...ratioTo(PARSED, first.median, floor.median),
      },
      {
        ...row('the next page', next),
        peers: [{ name: SECOND, ...shown(second) }],
        ...ratioTo('its budget', next.median, BUDGET_MS),
        ...atMost(next.median, BUDGET_MS, { unit: 'ms', why: WHY }),
      },
    ];
  } finally {
    await removeHome(home);
  }
}

/** The milliseconds that a new server takes for each of the pages, in turn. */
async function session(args, runs, pages) {
  const client = await openedMcp(args);
  const times = [];
  for (const [index, run_id] of runs.entries()) {
    let answer;
    times.push(await elapsed(async () => (answer = await call(client, 'get_page', { run_id }))));
    const { as, source, bytes, outline } = answer;
    const isWanted = as === 'outline' && source === 'kept page' && bytes === Buffer.byteLength(pages[index]);
    if (!isWanted || !JSON.stringify(outline).includes(`Shop ${SHOPS[index]}`))
      throw new Error(`another page was shown: ${JSON.stringify(answer).slice(0, 500)}`);
  }
  await client.end();
  return times;
}

function row(which, figure) {
  const { value, spread } = shown(figure);
  return {
    name: `mcp, get_page outline of a 1 MB kept page, ${which}`,
    ours: value,
    spread,
    unit: 'ms',
    peers: [],
  };
}
