import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { growth } from './growth.mjs';
import { inTurn, shown, spreadOf } from './rounds.mjs';
import { carriedOut, crawlee, handWritten, ours, scrapy } from './scraping/scrapers.mjs';
import { MANUAL, ScrapedSite } from './scraping/site.mjs';
import { atLeast, ratioTo } from './verdict.mjs';

/** What of a peer's pages a second we are to reach: of the bookshop, as the design has no budget for another site. */
const LEAST = { 'undici + cheerio': 0.9, Crawlee: 3 };
const WHY =
  'All that is left is the processor: parsing as browsers do (parse5; Crawlee has htmlparser2, which reads less so) and looking for the fields. Runs of one day on one machine came to 2.8 to 3.3 of Crawlee, as its own figure went up and down by a quarter.';
/** Who takes as long as all others together is measured in no more rounds than this. */
const MOST_WITH_SLOW = 3;
/** Lists of the bookshop, each with its 20 books: 105, 420 and all 1,050 pages. */
const LISTS = [5, 20, 'all'];

/**
 * `quickscrape scrape` against programs that take the same rows from the same pages, one request at a time: from the first
 * request to the end of the process, so that the output file is included and the start is not; the start has its own budgets,
 * and is shown beside. What each has written is compared row by row, each time.
 */
export async function scraping({ rounds = 5, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    mkdirSync(join(folder, 'home'));
    const peers = [await handWritten(folder), crawlee(), scrapy()].filter((peer) => peer !== null);
    const all = [ours(folder), ...peers];
    const sizes = isSmoke ? [1, 2] : LISTS;
    const most = sizes.at(-1);
    const books = await measured('books', most, all, folder, rounds);
    // A round of the manual takes as long as one of the bookshop with Scrapy: fewer keep the suite within its time.
    const manual = existsSync(MANUAL)
      ? await measured(
          'manual',
          isSmoke ? 3 : 'all',
          isSmoke ? all.slice(0, 2) : all,
          folder,
          Math.max(1, rounds - 3),
        )
      : undefined;
    if (manual === undefined)
      console.error('The PostgreSQL manual is not measured: apt-get install postgresql-doc-17');
    const smaller = [];
    for (const lists of sizes.slice(0, -1))
      smaller.push(await measured('books', lists, all.slice(0, 1), folder, Math.min(3, rounds)));
    return [
      ...figures('scraping', books, LEAST),
      ...grown([...smaller, books]),
      ...(manual === undefined ? [] : figures('the PostgreSQL manual,', manual, {})),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the pages of a set, who scraped them, and of each what each round took */
async function measured(set, count, all, folder, rounds) {
  const scrapers = all.filter(({ sets }) => sets.includes(set));
  const site = await ScrapedSite.start(set, count, folder);
  try {
    let expected;
    let pages = 0;
    const rivals = scrapers.map(({ name, command }) => async () => {
      const file = join(folder, 'rows.jsonl');
      const usage = await carriedOut(command(set, site.url, file), folder);
      const { requests, from } = await site.seen();
      const rows = sortedRows(file);
      rmSync(file);
      expected ??= rows;
      if (rows.join('\n') !== expected.join('\n')) throw new Error(different(name, rows, expected));
      // What we ask for beside them is robots.txt, which no other of them reads.
      pages ||= requests - 1;
      return { ...usage, working: (usage.ended - from) / 1000 };
    });
    const first = await inTurn(rivals, Math.min(rounds, MOST_WITH_SLOW));
    const quick = scrapers.map(({ isSlow }) => !isSlow);
    const more = await inTurn(
      rivals.filter((_, index) => quick[index]),
      rounds - Math.min(rounds, MOST_WITH_SLOW),
    );
    const took = first.map((all, index) => (quick[index] ? [...all, ...more.shift()] : all));
    return { pages, scrapers, took };
  } finally {
    await site.stop();
  }
}

/** In one spelling of JSON, and in an order that no concurrency changes. */
function sortedRows(file) {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.stringify(JSON.parse(line))).sort();
}

function different(name, rows, expected) {
  const index = expected.findIndex((row, at) => row !== rows[at]);
  return `${name} has ${rows.length} rows, not the ${expected.length} that we have; the first other one:\n${rows[index]}\n${expected[index]}`;
}

/** What more pages of one site cost us. */
function grown(sizes) {
  const cost = (figure) =>
    sizes.map(({ pages, took: [us] }) => ({ n: pages, cost: spreadOf(us.map(figure)).median }));
  return [
    growth(
      'scraping, time',
      cost(({ working }) => working),
      'pages',
      's',
    ),
    growth(
      'scraping, peak memory',
      cost(({ mb }) => mb),
      'pages',
      'MB',
    ),
  ];
}

/** @param least of the pages a second of a peer, by how its name begins */
function figures(title, { pages, scrapers, took }, least) {
  const what = `${title} ${pages.toLocaleString('en')} pages`;
  const of = (figure) => took.map((all) => spreadOf(all.map(figure)));
  const row = (name, unit, [us, ...peers], digits) => {
    const { value, spread } = shown(us, digits);
    const beside = peers.map((peer, index) => ({ name: scrapers[index + 1].name, ...shown(peer, digits) }));
    return {
      name,
      ours: value,
      spread,
      unit,
      peers: beside,
      ...ratioTo(beside[0].name, us.median, peers[0].median),
    };
  };
  const rates = of(({ working }) => pages / working);
  const rated = scrapers.slice(1).map(({ name }, index) => {
    const budget = Object.entries(least).find(([peer]) => name.startsWith(peer))?.[1];
    const [us, peer] = [rates[0], rates[index + 1]];
    const compared = {
      ...row(`${what}, against ${name}`, 'pages a second', rates, 0),
      peers: [{ name, ...shown(peer) }],
      ...ratioTo(name, us.median, peer.median),
    };
    return budget === undefined
      ? compared
      : { ...compared, ...atLeast(us.median / peer.median, budget, { why: WHY }) };
  });
  return [
    ...rated,
    row(
      `${what}, start-up included`,
      'pages a second',
      of(({ seconds }) => pages / seconds),
      0,
    ),
    row(
      `${what}, whole process`,
      'CPU seconds',
      of(({ cpu }) => cpu),
      1,
    ),
    row(
      `${what}, at its peak`,
      'MB',
      of(({ mb }) => mb),
      0,
    ),
  ];
}
