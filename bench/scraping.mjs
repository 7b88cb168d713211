import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurn } from './rounds.mjs';
import { addresses } from './scraping/addresses.mjs';
import { against, figures, grown, jsonRows, manualIsMissing, unmeasured } from './scraping/rows.mjs';
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

/**
 * What of a peer's pages a second we are to reach: of the bookshop, as the design has no budget for another site, and with the
 * same parser, as it says.
 */
const LEAST = { 'undici + cheerio': 0.9, 'Crawlee with parse5': 3 };
/** Who takes as long as all others together, or is shown without a verdict, is measured in no more rounds than this. */
const MAX_PEERS_WITH_SLOW = 2;
/** Rows of JSON, of those of the program written by hand. */
const LEAST_JSON = 0.9;
/** Pages of JSON with 1,000 rows each. */
const JSON_PAGES = 100;
/** Addresses of a file. */
const ADDRESSES = 100_000;
/** Lists of the bookshop, each with its 20 books: 105, 420 and all 1,050 pages. */
const LISTS = [5, 20, 'all'];
/** Pages of the manual. Scrapy reads the first ones only: where each page names the next it waits 100 ms before each. */
const CHAPTERS = { few: 50, most: 'all' };

/**
 * `quickscrape scrape` against programs that take the same rows from the same pages, one request at a time: from the first
 * request to the end of the process, so that the output file is included and the start is not; the start has its own budgets,
 * and is shown beside. What each has written is compared row by row, each time.
 */
export async function scraping({ rounds = 4, isSmoke }) {
  const folder = mkdtempSync(join(tmpdir(), 'quickscrape-bench-'));
  try {
    mkdirSync(join(folder, 'home'));
    const found = [await handWritten(folder), crawleeWithParse5(), crawlee(), scrapy()];
    const missing = found.filter((peer) => peer.missing !== undefined);
    const all = [ours(folder), ...found.filter((peer) => peer.missing === undefined)];
    const books = await booksOf(isSmoke ? [1, 2] : LISTS, all, { folder, rounds });
    return [
      ...figures('scraping', books.at(-1), { least: LEAST, missing }),
      ...grown('scraping', books),
      ...(await together(all, missing, { folder, rounds, isSmoke })),
      ...jsonRows(await measured('api', isSmoke ? 2 : JSON_PAGES, all, folder, rounds), LEAST_JSON),
      ...(await addresses(isSmoke ? 50 : ADDRESSES, folder)),
      ...(await manual(all.filter(readsManual), missing.filter(readsManual), { folder, rounds, isSmoke })),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Eight requests at a time, of a site whose answers take a while. */
async function together(all, missing, { folder, rounds, isSmoke }) {
  const rows = [];
  for (const set of TOGETHER) {
    const title = `8 at a time, ${set.split('@')[1]} ms,`;
    const found = await measured(set, isSmoke ? 1 : 'all', all, folder, Math.min(3, rounds));
    const absent = missing.filter(({ sets }) => sets.includes(set));
    rows.push(
      ...against(title, found, LEAST),
      ...unmeasured(title, found, { least: LEAST, missing: absent }),
    );
  }
  return rows;
}

const readsManual = ({ sets }) => sets.includes('manual');

/** The manual, of whose pages each names the next. The design has no budget for it. */
async function manual(all, missing, { folder, rounds, isSmoke }) {
  const title = 'the PostgreSQL manual,';
  const { few, most } = isSmoke ? { few: 2, most: 3 } : CHAPTERS;
  if (!existsSync(MANUAL)) return manualIsMissing(title, [...all.slice(1), ...missing]);
  const [slow, quick] = [true, false].map((isSlow) =>
    all.filter((each) => (each.isSlow ?? false) === isSlow),
  );
  // A round of it takes as long as one of the bookshop with Scrapy: fewer keep the suite within its time.
  const found = await measured('manual', most, quick, folder, Math.max(1, rounds - 2));
  const ofSlow =
    slow.length === 0 ? [] : against(title, await measured('manual', few, [all[0], ...slow], folder, 1));
  return [...figures(title, found, { missing }), ...ofSlow];
}

/** All scrapers with the most pages; with fewer of them ours alone. */
async function booksOf(sizes, all, { folder, rounds }) {
  const most = await measured('books', sizes.at(-1), all, folder, rounds);
  const found = [];
  for (const size of sizes.slice(0, -1))
    found.push(await measured('books', size, all.slice(0, 1), folder, Math.min(3, rounds)));
  return [...found, most];
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
    const first = await inTurn(rivals, Math.min(rounds, MAX_PEERS_WITH_SLOW));
    const quick = scrapers.map(({ isSlow, isBeside }) => !isSlow && !isBeside);
    const more = await inTurn(
      rivals.filter((_, index) => quick[index]),
      rounds - Math.min(rounds, MAX_PEERS_WITH_SLOW),
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
