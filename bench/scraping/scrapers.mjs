import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundledPeer } from '../bundled-peer.mjs';
import { notInstalled, productFile, versionOf } from '../peers.mjs';
import { configurationOf } from './configurations.mjs';

const USAGE = new URL('usage.mjs', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const PEERS = fileURLToPath(new URL('../peers/', import.meta.url));
// Debian's, whatever else is in the PATH: python3-scrapy is installed for it.
const PYTHON = '/usr/bin/python3';
const BOTH = ['books', 'manual'];
/** The shop with answers that take so many milliseconds: eight requests at a time. */
export const TOGETHER = ['books@5', 'books@20', 'books@100'];
const ALL = [...BOTH, 'api', ...TOGETHER];

/**
 * @typedef Scraper
 * @property name with its version
 * @property sets of pages that it is measured with
 * @property isSlow whether a round of it takes as long as one of all others
 * @property isBeside whether it is shown without a verdict
 * @property command for a set of pages (`books`, `books@MS`, `manual`, `api`), the address to begin at and the JSONL file to write
 */

/** @returns {Scraper} the product, as a person starts it */
export function ours(folder) {
  return {
    name: 'quickscrape',
    sets: ALL,
    command(set, url, file) {
      const config = join(folder, `${set}.yaml`);
      writeFileSync(config, configurationOf(set, url));
      const where = ['--home', join(folder, 'home'), '--output-path', file];
      return node([PROGRAM, 'scrape', config, ...where, '--quiet']);
    },
  };
}

/** @returns {Scraper} the least that the same libraries need, of the same versions, bundled as we are */
export async function handWritten(folder) {
  const program = await bundledPeer('hand-written-scraper', folder);
  return {
    name: 'undici + cheerio',
    sets: ALL,
    command: (...args) => node([program, ...peerArgs(args)]),
  };
}

/** @returns {Scraper | { name: string, sets: string[], missing: string }} how it can be had when it is not there */
export function crawlee() {
  return { ...ofCrawlee('Crawlee', BOTH, []), isBeside: true };
}

/** The same with our parser; of the shop, of which the design speaks. */
export function crawleeWithParse5() {
  return ofCrawlee(
    'Crawlee with parse5',
    ['books', ...TOGETHER],
    [pathToFileURL(productFile('cheerio')).href],
  );
}

function ofCrawlee(name, sets, args) {
  const version = versionOf('@crawlee/cheerio');
  if (version === undefined) return isMissing(name, sets, notInstalled(name));
  const program = join(PEERS, 'crawlee-scraper.mjs');
  return {
    name: `${name} ${version}`,
    sets,
    command: (...asked) => node([program, ...peerArgs(asked), ...args]),
  };
}

/** @returns {Scraper | { name: string, sets: string[], missing: string }} how it can be had when it is not there */
export function scrapy() {
  try {
    const version = execFileSync(PYTHON, ['-c', 'import scrapy; print(scrapy.__version__)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return {
      name: `Scrapy ${version}`,
      // Where each page names the next, it waits 100 ms before each (scrapy.utils.defer.defer_succeed).
      sets: BOTH,
      isSlow: true,
      command: (...args) => ({ file: PYTHON, args: [join(PEERS, 'scrapy_scraper.py'), ...peerArgs(args)] }),
    };
  } catch {
    return isMissing(
      'Scrapy',
      BOTH,
      `Scrapy: not measured, ${PYTHON} has none: apt-get install python3-scrapy`,
    );
  }
}

function isMissing(name, sets, missing) {
  console.error(missing);
  return { name, sets, missing };
}

function node(args) {
  return { file: process.execPath, args: [`--import=${USAGE}`, ...args] };
}

/** The manual's first page has a name, the shop's has none. */
function peerArgs([set, url, file]) {
  return [set, set === 'manual' ? `${url}index.html` : url, file];
}

/**
 * Carries a command out.
 * @returns its seconds from start to end, when it ended (epoch milliseconds), the CPU seconds and the most memory (MB) of
 * its process
 */
export async function carriedOut({ file, args }, folder) {
  const usageFile = join(folder, 'usage.json');
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...process.env, USAGE_FILE: usageFile },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  const seconds = (performance.now() - started) / 1000;
  const ended = Date.now();
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return { seconds, ended, ...JSON.parse(readFileSync(usageFile, 'utf8')) };
}
