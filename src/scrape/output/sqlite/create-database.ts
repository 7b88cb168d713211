import { existsSync, linkSync, renameSync, unlinkSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { ScrapeError } from '../../lib/scrape-error.ts';
import { syncFolder, type Target } from '../output-target.ts';
import { createPartName, removeStaleParts } from '../replace-file.ts';
import { fillTable, recordTable, type TableRows } from './table.ts';

/** What SQLite puts beside a database, and would bring into a new one of that name. */
const SIDE_FILE_SUFFIXES = ['-journal', '-wal'];

/**
 * Makes a database with the rows that takes its place as a whole: a part beside it, fsync, link, fsync of the folder.
 * @returns what the user should know; `undefined` when a file came into being in its place: nothing was done
 * @throws ScrapeError `output` or `cancelled`, what libsql and `target.check` throw; no file is left then
 */
export async function createDatabase(target: Target, rows: TableRows): Promise<string[] | undefined> {
  const { file } = target;
  const folder = dirname(file);
  await removeStaleParts(folder);
  refuseSideFiles(file);
  const part = createPartName(file);
  try {
    await (await open(part, 'ax', target.mode)).close();
    const warnings = await fillDatabase(part, file, rows);
    await syncFile(part);
    // For a link to take the place of the folder there was time.
    target.check();
    if (!linkIntoPlace(part, file)) return undefined;
    await syncFolder(folder);
    return warnings;
  } finally {
    await unlink(part).catch(() => undefined);
  }
}

async function fillDatabase(part: string, file: string, rows: TableRows): Promise<string[]> {
  const db = new Libsql(part);
  try {
    // Nobody sees it yet: what is half done is thrown away.
    db.exec('PRAGMA journal_mode = OFF');
    db.exec('PRAGMA synchronous = OFF');
    db.exec('BEGIN');
    const warnings = await fillTable(db, file, rows);
    await recordTable(db, file, rows);
    db.exec('COMMIT');
    return warnings;
  } finally {
    db.close();
  }
}

async function syncFile(part: string): Promise<void> {
  const handle = await open(part, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Not by a rename, which would replace what another run made meanwhile. */
function linkIntoPlace(part: string, file: string): boolean {
  try {
    linkSync(part, file);
    // A second name would keep others from changing it.
    unlinkSync(part);
    return true;
  } catch (error) {
    if (existsSync(file)) return false;
    const { code = '' } = error as NodeJS.ErrnoException;
    // Disks without links, such as FAT.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    renameSync(part, file);
    return true;
  }
}

function refuseSideFiles(file: string): void {
  const left = SIDE_FILE_SUFFIXES.map((ending) => file + ending).find((path) => existsSync(path));
  if (left === undefined) return;
  throw new ScrapeError(
    'output',
    `there is a ${left} without its database, which SQLite would bring into a new one`,
    {
      hint: 'Put the database back, or move that file away.',
    },
  );
}
