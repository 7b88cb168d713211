import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurn, round, shown, spreadOf } from './rounds.mjs';
import { carriedOut, crawlee, handWritten, ours, scrapy } from './scraping/scrapers.mjs';
import { ScrapedSite } from './scraping/site.mjs';

const MANUAL = '/usr/share/doc/postgresql-doc-17/html';
/** What of a peer's pages a second we are to reach. Crawlee's parser is another one, which counts where pages are large. */
const LEAST = {
  books: { 'undici + cheerio': 0.9, Crawlee: 3 },
  manual: { 'undici + cheerio': 0.9 },
};

/**
 * `quickscrape scrape` against programs that take the same rows from the same pages, one request at a time: from the first
 * request to the end of the process, so that the output file is included and the start is not; the start has its own budgets,
 * and is shown beside. What each has written is compared row by row, each time.
 */
export async function scraping({ rounds = 5 }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    mkdirSync(join(folder, 'home'));
    const peers = [await handWritten(folder), crawlee(), scrapy()].filter((peer) => peer !== null);
    const rows = await rowsOf('books', [], [ours(folder), ...peers], folder, rounds);
    if (existsSync(MANUAL))
      rows.push(...(await rowsOf('manual', [MANUAL], [ours(folder), ...peers], folder, rounds)));
    else console.error('The PostgreSQL manual is not measured: apt-get install postgresql-doc-17');
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rowsOf(set, args, all, folder, rounds) {
  const scrapers = all.filter(({ sets }) => sets.includes(set));
  const site = await ScrapedSite.start([set, ...args], folder);
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
    const measured = await inTurn(rivals, rounds);
    return figures(set, pages, scrapers, measured);
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

function budgetBeside(peer, set) {
  return Object.entries(LEAST[set]).find(([name]) => peer.startsWith(name))?.[1];
}

/** @param measured of each scraper what each round took */
function figures(set, pages, scrapers, measured) {
  const what = `${set === 'books' ? 'scraping' : 'the PostgreSQL manual,'} ${pages.toLocaleString('en')} pages`;
  const of = (figure) => measured.map((all) => spreadOf(all.map(figure)));
  const row = (name, unit, [us, ...peers], digits) => {
    const { value, spread } = shown(us, digits);
    const beside = peers.map((peer, index) => ({ name: scrapers[index + 1].name, ...shown(peer, digits) }));
    return { name, ours: value, spread, unit, peers: beside };
  };
  const rates = of(({ working }) => pages / working);
  const rated = scrapers.slice(1).map(({ name }, index) => {
    const budget = budgetBeside(name, set);
    const ratio = rates[0].median / rates[index + 1].median;
    const { peers, ...rest } = row(what, 'pages a second', rates, 0);
    const compared = { ...rest, peers: [peers[index]], ratio: round(ratio) };
    return budget === undefined ? compared : { ...compared, budget, met: ratio >= budget };
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
