import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addresses } from './scraping/addresses.mjs';
import { against, figures, grown, jsonRows, manualIsMissing, togetherRows } from './scraping/rows.mjs';
import {
  carriedOut,
  crawlee,
  crawleeWithParse5,
  handWritten,
  ours,
  scrapy,
  TOGETHER,
} from './scraping/scrapers.mjs';
import { MANUAL, ScrapedSite } from './scraping/site.mjs';
import { runSteadily } from './scraping/steady-rounds.mjs';

/**
 * What of a peer's pages a second we are to reach: of the bookshop, as the design has no budget for another site, and with the
 * same parser, as it says.
 */
const LEAST = { 'undici + cheerio': 0.9, 'Crawlee with parse5': 3 };
/** Who takes as long as all others together, or is shown without a verdict, is measured in no more rounds than this. */
const MAX_ROUNDS_OF_SLOW = 2;
/** Eight at a time: with more latency than a site of one's own has, it allows nobody three times what Crawlee reaches. */
const LEAST_TOGETHER = { 5: LEAST, 20: { 'undici + cheerio': 0.9 }, 100: { 'undici + cheerio': 0.9 } };
/** Rows of JSON, of those of the program written by hand. */
const LEAST_JSON = 0.9;
/** Pages of JSON with 1,000 rows each. */
const JSON_PAGES = 100;
/** Addresses of a file. */
const ADDRESSES = 100_000;
/** Lists of the bookshop, each with its 20 books: all 1,050 pages, 105 and 420. */
const LISTS = ['all', 5, 20];
/** The same by the latency in milliseconds: where it is most of the time, fewer pages say as much. */
const LISTS_TOGETHER = { 5: 'all', 20: 'all', 100: 20 };
/** Pages of the manual. Scrapy reads the first ones only: where each page names the next it waits 100 ms before each. */
const CHAPTERS = { few: 50, most: 'all' };

/**
 * `quickscrape scrape` against programs that take the same rows from the same pages, one request at a time: from the first
 * request to the end of the process, so that the output file is included and the start is not; the start has its own budgets,
 * and is shown beside. What each has written is compared row by row, each time.
 * @param options.tell says how far it is, and each row as soon as it is known
 */
export async function scraping({ rounds = 4, isSmoke, tell }) {
  const rows = [];
  const add = (known) => {
    rows.push(...known);
    for (const row of known) tell(row);
  };
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    mkdirSync(join(folder, 'home'));
    const found = [await handWritten(folder), crawleeWithParse5(), crawlee(), scrapy()];
    const missing = found.filter((peer) => peer.missing !== undefined);
    const all = [ours(folder), ...found.filter((peer) => peer.missing === undefined)];
    const options = { folder, rounds, isSmoke, tell };
    const [most, ...fewer] = isSmoke ? [2, 1] : LISTS;
    const books = await measured('books', most, all, options);
    add(figures('scraping', books, { least: LEAST, missing }));
    add(grown('scraping', [...(await oursAlone(fewer, all, options)), books]));
    for (const set of TOGETHER) add(await together(set, all, missing, options));
    add(jsonRows(await measured('api', isSmoke ? 2 : JSON_PAGES, all, options), LEAST_JSON));
    const count = isSmoke ? 50 : ADDRESSES;
    tell(`${count.toLocaleString('en')} addresses of a file …`);
    add(await addresses(count, folder));
    add(await manual(all.filter(readsManual), missing.filter(readsManual), options));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Eight requests at a time, of a site whose answers take a while. */
async function together(set, all, missing, options) {
  const latency = set.split('@')[1];
  const title = `8 at a time, ${latency} ms,`;
  const found = await measured(set, options.isSmoke ? 1 : LISTS_TOGETHER[latency], all, {
    ...options,
    rounds: Math.min(3, options.rounds),
  });
  const absent = missing.filter(({ sets }) => sets.includes(set));
  return togetherRows(title, found, { least: LEAST_TOGETHER[latency], missing: absent });
}

const readsManual = ({ sets }) => sets.includes('manual');

/** The manual, of whose pages each names the next. The design has no budget for it. */
async function manual(all, missing, options) {
  const title = 'the PostgreSQL manual,';
  const { few, most } = options.isSmoke ? { few: 2, most: 3 } : CHAPTERS;
  if (!existsSync(MANUAL)) return manualIsMissing(title, [...all.slice(1), ...missing]);
  const [slow, quick] = [true, false].map((isSlow) =>
    all.filter((each) => (each.isSlow ?? false) === isSlow),
  );
  // A round of it takes as long as one of the bookshop with Scrapy: fewer keep the suite within its time.
  const found = await measured('manual', most, quick, {
    ...options,
    rounds: Math.max(1, options.rounds - 2),
  });
  const once = { ...options, rounds: 1 };
  const ofSlow =
    slow.length === 0 ? [] : against(title, await measured('manual', few, [all[0], ...slow], once));
  return [...figures(title, found, { missing }), ...ofSlow];
}

/** Fewer pages of the bookshop. */
async function oursAlone(sizes, all, options) {
  const found = [];
  for (const size of sizes)
    found.push(
      await measured('books', size, all.slice(0, 1), { ...options, rounds: Math.min(3, options.rounds) }),
    );
  return found;
}

/** @returns the pages of a set, who scraped them, and of each what each round took */
async function measured(set, count, all, { folder, rounds, tell }) {
  const scrapers = all.filter(({ sets }) => sets.includes(set));
  const site = await ScrapedSite.start(set, count, folder);
  try {
    let expected;
    let pages = 0;
    const rivals = scrapers.map(({ name, command, isSlow, isBeside }) => ({
      name,
      rounds: isSlow || isBeside ? Math.min(rounds, MAX_ROUNDS_OF_SLOW) : rounds,
      run: () => scrapedOnce(name, command),
    }));
    const scrapedOnce = async (name, command) => {
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
    };
    const took = await runSteadily(rivals, (round, name, { working }) =>
      tell(`${set}, ${pages.toLocaleString('en')} pages, round ${round}: ${name} ${working.toFixed(2)} s`),
    );
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
