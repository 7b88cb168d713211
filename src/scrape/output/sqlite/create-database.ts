import { existsSync, linkSync, renameSync, unlinkSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { ScrapeError } from '../../lib/scrape-error.ts';
import { syncFolder, type Target } from '../output-target.ts';
import { createPartName, removeStaleParts } from '../replace-file.ts';
import { fillTable, recordTable, type TableRows } from './table.ts';

/** Files that SQLite creates beside a database. It would apply them to a new database of the same name. */
const SIDE_FILE_SUFFIXES = ['-journal', '-wal'];

/**
 * Creates a database with the rows, and puts it in place atomically: a part in the same folder, fsync, link, fsync of
 * the folder.
 * @returns warnings for the user; `undefined` if a file appeared at the path meanwhile, and nothing was written
 * @throws ScrapeError `output` or `cancelled`, and the errors of libsql and `target.check`; no file remains then
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
    // A link may have replaced the folder meanwhile.
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
    // No other process reads the part, and an incomplete one is deleted, so it needs no journal.
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

/** Not a rename, which would replace a file that another run created meanwhile. */
function linkIntoPlace(part: string, file: string): boolean {
  try {
    linkSync(part, file);
    // With a second name (hard link), other runs would refuse to update the database.
    unlinkSync(part);
    return true;
  } catch (error) {
    if (existsSync(file)) return false;
    const { code = '' } = error as NodeJS.ErrnoException;
    // File systems without hard links, such as FAT.
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
