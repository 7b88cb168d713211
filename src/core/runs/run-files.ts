import { hash } from 'node:crypto';
import { constants, createReadStream, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makePrivate } from '../fs/file-modes.ts';
import type { HomePaths } from '../fs/paths.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { closeQuietly } from '../fs/read-regular-file.ts';
import { refuseLink } from '../fs/symlinks.ts';
import { isSystemError, unavailable, wrapUnavailable } from '../fs/system-errors.ts';
import { isName } from '../model/ids.ts';

/** The paths of one run's files. */
export interface RunFiles {
  folder: string;
  log: string;
  items: string;
  /** The rows that break a rule on their values (`expect.fields`), the first of them. */
  broken: string;
  /** The progress of an attempt, while it is active. */
  checkpoint: string;
  /** The rows that an attempt was about to append to its output (scrape/output/export-options.ts). */
  added: string;
  /** The addresses of a crawl, until it is complete (scrape/crawl/frontier.ts). */
  crawl: string;
  /** How often each selector matched (selector-findings.ts). */
  selectors: string;
  /** The folder of its saved pages (saved-pages.ts). */
  pages: string;
}

/** Returns the paths of a run's files. They are below `runs/`, whatever the ids contain. */
export function runFiles(paths: HomePaths, jobId: string, runId: string): RunFiles {
  const folder = join(jobFolder(paths, jobId), safeFolderName(runId));
  const items = join(folder, 'items.jsonl');
  return {
    folder,
    log: join(folder, 'run.log'),
    items,
    broken: brokenRowsFile(items),
    checkpoint: join(folder, 'checkpoint.json'),
    added: join(folder, 'added'),
    crawl: join(folder, 'crawl.db'),
    selectors: join(folder, 'selectors.json'),
    pages: join(folder, 'pages'),
  };
}

/** The file of broken rows that belongs to a file of items. */
export function brokenRowsFile(items: string): string {
  return join(dirname(items), 'broken.jsonl');
}

/** The folder of all files of a job's runs. */
function jobFolder(paths: HomePaths, jobId: string): string {
  return join(paths.runs, safeFolderName(jobId));
}

/** A damaged or foreign database may contain any text as an id, even `..`. An invalid name is replaced by its hash. */
function safeFolderName(id: string): string {
  return isName(id) ? id : `%${hash('sha256', id).slice(0, 16)}`;
}

/**
 * Creates the run's folder and opens its log for appending, mode 0600. It gets the output of a worker that the worker
 * does not write to the log itself.
 * @throws QuickscrapeError `store_unavailable`; `not_allowed` where a link would lead out of the home
 */
export function openRunLog(files: Pick<RunFiles, 'folder' | 'log'>): number {
  return wrapUnavailable(`cannot open the log ${files.log}`, () => {
    makeRunFolder(files);
    return openToAppend(files.log);
  });
}

/** Creates the run's folder. @throws system errors; QuickscrapeError `not_allowed` for a link */
export function makeRunFolder({ folder }: Pick<RunFiles, 'folder'>): void {
  const ofJob = dirname(folder);
  makePrivateFolder(dirname(ofJob));
  for (const each of [ofJob, folder]) {
    refuseLink(each);
    makePrivateFolder(each);
  }
}

/** Opens a file for appending, mode 0600 regardless of the umask. @throws QuickscrapeError `not_allowed` for a link */
export function openToAppend(file: string): number {
  refuseLink(file);
  const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_WRONLY } = constants;
  const fd = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  makePrivate(fd);
  return fd;
}

/** The most bytes that are read for a tail of a log. */
const MAX_TAIL_BYTES = 256 * 1024;

/**
 * Returns the last `count` lines of a text file, oldest first; none when the file does not exist.
 * @throws QuickscrapeError `store_unavailable`
 */
export function tailLines(file: string, count: number): string[] {
  if (count <= 0) return [];
  return wrapUnavailable(`cannot read ${file}`, () => {
    const fd = openIfExists(file);
    if (fd === undefined) return [];
    try {
      return lastLines(fd, count);
    } finally {
      closeQuietly(fd);
    }
  });
}

function lastLines(fd: number, count: number): string[] {
  const size = fstatSync(fd).size;
  const length = Math.min(size, MAX_TAIL_BYTES);
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, size - length);
  const lines = bytes.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  // The first line may be truncated.
  if (length < size && lines.length > 1) lines.shift();
  return lines.slice(-count);
}

/**
 * Yields the lines of a JSON Lines file in batches, as they are read. It does not use node:readline, which also breaks
 * lines at U+2028 and U+2029; JSON allows these inside strings.
 * @param maxBytes reading stops after this; the last line may then be truncated
 */
export async function* jsonLines(
  file: string,
  maxBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<string[]> {
  let rest = '';
  const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18, end: maxBytes - 1 });
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [rest];
}

/**
 * Returns the first `limit` items that a run staged; skips a last line that is still being written.
 * @param maxBytes reading stops after this, as in {@link jsonLines}
 * @throws QuickscrapeError `store_unavailable`
 */
export async function readItems(file: string, limit: number, maxBytes?: number): Promise<Item[]> {
  const items: Item[] = [];
  if (limit <= 0 || !existsSync(file)) return items;
  try {
    for await (const lines of jsonLines(file, maxBytes)) {
      for (const line of lines) {
        const item = parseItem(line);
        if (item !== undefined) items.push(item);
        if (items.length >= limit) return items;
      }
    }
  } catch (error) {
    throw isSystemError(error) ? unavailable(`cannot read ${file}`, error) : error;
  }
  return items;
}

function openIfExists(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** An item of a run: a JSON object. */
export type Item = Record<string, unknown>;

/**
 * Parses a line of `items.jsonl`; `undefined` for an invalid line, such as a truncated one. Other programs also write
 * these files, so values nested deeper than a hundred levels become `…`.
 */
export function parseItem(line: string): Item | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return (isDeeper(value, MAX_DEPTH) ? limitDepth(value, MAX_DEPTH) : value) as Item;
  } catch {
    return undefined;
  }
}

/** Deeper values are left out: serializing them as JSON again would overflow the stack. */
const MAX_DEPTH = 100;
const OMITTED = '…';

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

function limitDepth(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return OMITTED;
  if (Array.isArray(value)) return value.map((each) => limitDepth(each, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, limitDepth(each, levels - 1)]),
  );
}

/** The files that a job keeps between runs, outside the folders of its runs. */
export interface PersistentFiles {
  /** The job's folder, below `runs/`. */
  folder: string;
  /** The cookies that its runs received (scrape/attempt/session-state.ts). */
  cookies: string;
  /** The rows that its runs have written, with `output.only` (scrape/output/known-rows.ts). */
  knownRows: string;
  /** The addresses that its runs have taken from another job, with `only: new` (scrape/addresses). */
  fetched: string;
  /** The values of its rows over time, with `history` (core/history). */
  history: string;
  /** The folder of its cached pages (scrape/http/cache). */
  cache: string;
  /** The folder of the pages of its newest good run, in a folder with the name of that run (saved-pages.ts). */
  goodPages: string;
}

/** Returns the paths. No run id equals one of these names. */
export function getPersistentFiles(paths: HomePaths, jobId: string): PersistentFiles {
  const folder = jobFolder(paths, jobId);
  return {
    folder,
    cookies: join(folder, 'cookies.json'),
    knownRows: join(folder, 'known.db'),
    fetched: join(folder, 'fetched.db'),
    history: join(folder, 'history.db'),
    cache: join(folder, CACHE_FOLDER),
    goodPages: join(folder, GOOD_PAGES_FOLDER),
  };
}

/**
 * Lists the persistent files that exist, including cookies that were set aside as damaged.
 * @throws QuickscrapeError `store_unavailable`
 */
export function listPersistentFiles(paths: HomePaths, jobId: string): string[] {
  const folder = jobFolder(paths, jobId);
  return wrapUnavailable(`cannot list ${folder}`, () => readdirSync(folder))
    .filter((name) => isPersistentFolder(name) || COOKIES.test(name) || JOB_DATABASE.test(name))
    .map((name) => join(folder, name));
}

const COOKIES = /^cookies(?:\.damaged-\d+)?\.json$/;

/** SQLite puts a journal beside it while it writes. */
const JOB_DATABASE = /^(?:known|fetched|history)\.db(?:-journal)?$/;

const CACHE_FOLDER = 'cache';
const GOOD_PAGES_FOLDER = 'good';

/** Whether a folder in a job's folder belongs to no run. */
export function isPersistentFolder(name: string): boolean {
  return name === CACHE_FOLDER || name === GOOD_PAGES_FOLDER;
}
