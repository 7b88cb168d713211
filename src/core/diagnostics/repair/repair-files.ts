import { isUtf8 } from 'node:buffer';
import { linkSync, lstatSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { StoreLock } from '../../database/locks.ts';
import { syncFolder, writeFileDurably } from '../../fs/atomic-file.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { makePrivateFolders } from '../../fs/private-folder.ts';
import { readRegularFile } from '../../fs/read-regular-file.ts';
import { unavailable } from '../../fs/system-errors.ts';
import { JOB_FILE_LOOKALIKE } from '../../jobs/job-files.ts';
import { QuickscrapeError } from '../../lib/errors.ts';
import { diffLines } from '../../lib/line-diff.ts';
import { isName } from '../../model/ids.ts';
import { MAX_JOB_FILE_BYTES } from '../../model/job-record.ts';
import { type Flaw, repairText } from './repair-text.ts';

/** The planned repair of one job file. */
export interface FilePlan {
  /** The file's name in the jobs folder. */
  name: string;
  state: 'repairable' | 'beyond' | 'newer';
  flaws: Flaw[];
  /** Lines that change: `-3 old`, `+3 new`. */
  diff: string[];
  /** Its content, if that is text. */
  source?: string;
  /**
   * Repairable files only: the current content, the new text (`undefined`: unchanged), and the new name (`undefined`:
   * unchanged).
   */
  before?: Buffer;
  text?: string;
  newName?: string;
}

/** Plans repairs for all job files, without changing them. Omits valid files. */
export function planRepairs(paths: HomePaths): FilePlan[] {
  let names: string[];
  try {
    names = readdirSync(paths.jobs).filter((name) => JOB_FILE_LOOKALIKE.test(name) && !name.startsWith('.'));
  } catch {
    return [];
  }
  const files = new Set(names);
  const hasFile = (id: string) => files.has(`${id}.json`);
  return names.sort().flatMap((name) => planFile(paths.jobs, name, hasFile) ?? []);
}

function planFile(folder: string, name: string, hasFile: (id: string) => boolean): FilePlan | undefined {
  const unrepairable = (message: string, more: Flaw[] = []): FilePlan => ({
    name,
    state: 'beyond',
    flaws: [{ message }, ...more],
    diff: [],
  });
  const file = join(folder, name);
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (stats.isSymbolicLink()) return unrepairable('a symbolic link: put the file itself in its place');
  if (!stats.isFile()) return unrepairable('not a regular file: move it away');
  let before: Buffer;
  try {
    before = readRegularFile(file, MAX_JOB_FILE_BYTES);
  } catch (error) {
    return unrepairable((error as Error).message);
  }
  const id = toJobId(name);
  if (id === undefined) {
    return unrepairable(
      'the file’s name makes no job id: rename it to 1 to 64 lower-case letters, digits, "-" and "_", and .json',
    );
  }
  const newName = `${id}.json`;
  const renamed = newName === name ? [] : [{ message: `the file’s name is to be ${newName}` }];
  if (renamed.length > 0 && isTaken(folder, name, newName)) {
    return unrepairable(`the file’s name is to be ${newName}, which is taken: keep one of the two`);
  }
  const decoded = decodeText(before);
  if (decoded === undefined) return unrepairable('not UTF-8 text: save it as UTF-8 with an editor');
  const found = repairText(decoded.text, { file, id, hasFile });
  if (found.kind === 'newer') return { name, state: 'newer', flaws: [{ message: found.reason }], diff: [] };
  if (found.kind === 'beyond')
    return {
      name,
      state: 'beyond',
      flaws: [...found.flaws, ...renamed],
      diff: [],
      source: decoded.text,
    };
  const flaws = [...renamed, ...decoded.flaws, ...(found.kind === 'fine' ? [] : found.flaws)];
  if (flaws.length === 0) return undefined;
  const text = found.kind === 'fine' ? decoded.text : found.text;
  if (Buffer.byteLength(text) > MAX_JOB_FILE_BYTES)
    return unrepairable(`larger than ${MAX_JOB_FILE_BYTES} bytes`);
  const changed = !before.equals(Buffer.from(text));
  return {
    name,
    state: 'repairable',
    flaws,
    diff: formatChangedLines(decoded.text, text),
    before,
    ...(changed && { text }),
    ...(renamed.length > 0 && { newName }),
  };
}

/** `Books.JSON` → `books`; `undefined` when characters would have to be invented. */
function toJobId(name: string): string | undefined {
  const id = name.replace(JOB_FILE_LOOKALIKE, '');
  const tidy = id
    .toLowerCase()
    .trim()
    .replaceAll(/[\s.]+/g, '-');
  return isName(id) ? id : isName(tidy) ? tidy : undefined;
}

/** Whether another file has that name. A hard link left by an interrupted rename is the same file. */
function isTaken(folder: string, name: string, newName: string): boolean {
  const [own, other] = [name, newName].map((one) => lstatSync(join(folder, one), { throwIfNoEntry: false }));
  return other !== undefined && (other.ino !== own?.ino || other.dev !== own.dev);
}

function decodeText(bytes: Buffer): { text: string; flaws: Flaw[] } | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0) {
    return {
      text: bytes.subarray(2).toString('utf16le'),
      flaws: [{ message: 'UTF-16, where job files are UTF-8' }],
    };
  }
  return isUtf8(bytes) ? { text: bytes.toString('utf8'), flaws: [] } : undefined;
}

/** Formats the lines that differ: `-3 old`, `+3 new`. */
function formatChangedLines(before: string, after: string): string[] {
  return diffLines(before.split(/\r?\n/), after.split(/\r?\n/)).flatMap((line) => {
    if (line.kind === 'same') return [];
    return line.kind === 'removed' ? `-${line.before + 1} ${line.text}` : `+${line.after + 1} ${line.text}`;
  });
}

/** Result of a repair. */
export interface RepairResult {
  name: string;
  /** `changed`: another process changed the file meanwhile, so it was left alone. */
  outcome: 'repaired' | 'changed';
}

/** Returns the backup folder for files that a repair at `now` (epoch ms) replaces. */
export function backupFolder(paths: HomePaths, now: number): string {
  return join(paths.home, 'backups', `repair-${new Date(now).toISOString().replaceAll(':', '-')}`);
}

/**
 * Repairs job files as planned, under the store lock. Each file is copied to the backup first, then replaced
 * atomically. A file that has changed since the plan is left alone.
 * @throws QuickscrapeError `store_unavailable` when the lock stays taken or a file operation fails
 */
export async function applyRepairs(
  paths: HomePaths,
  plans: readonly FilePlan[],
  backup: string,
): Promise<RepairResult[]> {
  const lock = new StoreLock(join(paths.locks, 'store.db'));
  try {
    return await lock.withLock(async () => {
      const done: RepairResult[] = [];
      for (const plan of plans)
        done.push({ name: plan.name, outcome: await repairFile(paths.jobs, plan, backup) });
      return done;
    });
  } finally {
    lock.close();
  }
}

class FileChangedError extends Error {}

async function repairFile(folder: string, plan: FilePlan, backup: string): Promise<RepairResult['outcome']> {
  const { name, before, text, newName } = plan;
  if (before === undefined) return 'changed';
  const file = join(folder, name);
  const assertUnchanged = (content: string | Buffer) => {
    if (!hasContent(file, Buffer.from(content))) throw new FileChangedError();
  };
  try {
    assertUnchanged(before);
    makePrivateFolders(backup);
    await writeFileDurably(join(backup, name), before);
    if (text !== undefined)
      await writeFileDurably(file, text, { beforeReplace: () => assertUnchanged(before) });
    if (newName !== undefined) {
      assertUnchanged(text ?? before);
      renameFile(folder, name, newName);
      await syncFolder(folder);
    }
    return 'repaired';
  } catch (error) {
    if (error instanceof FileChangedError) return 'changed';
    throw error instanceof QuickscrapeError ? error : unavailable(`cannot repair ${file}`, error);
  }
}

function hasContent(file: string, content: Buffer): boolean {
  try {
    return lstatSync(file).isFile() && readFileSync(file).equals(content);
  } catch {
    return false;
  }
}

/** Unlike rename(), link() never replaces a file that was created meanwhile. */
function renameFile(folder: string, from: string, to: string): void {
  const [old, young] = [join(folder, from), join(folder, to)];
  const there = lstatSync(young, { throwIfNoEntry: false });
  if (there === undefined) linkSync(old, young);
  else if (there.ino !== lstatSync(old).ino) throw new FileChangedError();
  unlinkSync(old);
}
