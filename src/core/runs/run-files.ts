import { hash } from 'node:crypto';
import { constants, createReadStream, existsSync, fchmodSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HomePaths } from '../fs/paths.ts';
import { makePrivateFolder } from '../fs/private-folder.ts';
import { closeQuietly } from '../fs/read-regular-file.ts';
import { refuseLink } from '../fs/refuse-link.ts';
import { isSystemError, unavailable, wrapUnavailable } from '../fs/unavailable.ts';
import { isName } from '../model/job-id.ts';
import { type Item, parseItem } from '../model/parse-item.ts';

/** Where the files of one run lie. */
export interface RunFiles {
  folder: string;
  log: string;
  items: string;
  /** How far an attempt has come, while it is under way. */
  checkpoint: string;
  /** What an attempt was about to add to its output (scrape/output/export-options.ts). */
  added: string;
  /** How often each selector matched (selector-findings.ts). */
  selectors: string;
  /** The folder of its kept pages (kept-pages.ts). */
  pages: string;
}

/** Says where they lie; whatever the ids are, below `runs/`. */
export function runFiles(paths: HomePaths, jobId: string, runId: string): RunFiles {
  const folder = join(jobFolder(paths, jobId), safeFolderName(runId));
  return {
    folder,
    log: join(folder, 'run.log'),
    items: join(folder, 'items.jsonl'),
    checkpoint: join(folder, 'checkpoint.json'),
    added: join(folder, 'added'),
    selectors: join(folder, 'selectors.json'),
    pages: join(folder, 'pages'),
  };
}

/** Where all files of a job's runs lie. */
export function jobFolder(paths: HomePaths, jobId: string): string {
  return join(paths.runs, safeFolderName(jobId));
}

/** A damaged or foreign database may hold any text for an id, `..` as well. What is no name is given one of its own. */
function safeFolderName(id: string): string {
  return isName(id) ? id : `%${hash('sha256', id).slice(0, 16)}`;
}

/**
 * Opens the run's log to append, mode 0600, making the run's folder; the descriptor is handed to the run process, which
 * outlives us.
 * @throws QuickscrapeError `store_unavailable`; `not_allowed` where a link would lead out of the home
 */
export function openRunLog(files: RunFiles): number {
  return wrapUnavailable(`cannot open the log ${files.log}`, () => {
    makeRunFolder(files);
    return openToAppend(files.log);
  });
}

/** Makes the run's folder. @throws what the system throws; QuickscrapeError `not_allowed` for a link */
export function makeRunFolder({ folder }: Pick<RunFiles, 'folder'>): void {
  const ofJob = dirname(folder);
  makePrivateFolder(dirname(ofJob));
  for (const each of [ofJob, folder]) {
    refuseLink(each);
    makePrivateFolder(each);
  }
}

/** Opens a file of ours to append, mode 0600 whatever the umask. @throws QuickscrapeError `not_allowed` for a link */
export function openToAppend(file: string): number {
  refuseLink(file);
  const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_WRONLY } = constants;
  const fd = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  if (process.platform !== 'win32' && (fstatSync(fd).mode & 0o777) !== 0o600) fchmodSync(fd, 0o600);
  return fd;
}

/** More than this is not read back for a tail of a log. */
const MAX_TAIL_BYTES = 256 * 1024;

/**
 * The last `count` lines of a text file, oldest first; none when the file is not there.
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
  // What was cut in the middle is no line.
  if (length < size && lines.length > 1) lines.shift();
  return lines.slice(-count);
}

/**
 * The lines of a file of JSON lines, in batches as they come off the disk. Not with node:readline: it also breaks
 * lines at U+2028 and U+2029, which JSON leaves as they are.
 * @param maxBytes what lies beyond is not read; the last line may be cut then
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
 * The first `limit` items that a run staged; a last line that is still being written is left out.
 * @param maxBytes what lies beyond is not read, as by {@link jsonLines}
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
