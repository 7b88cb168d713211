import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { rollBack } from '../../../core/database/connection.ts';
import { isBusy } from '../../../core/database/sql-errors.ts';
import { pause } from '../../lib/pause.ts';
import { ScrapeError } from '../../lib/scrape-error.ts';
import { ALREADY_APPENDED } from '../export-options.ts';
import type { Target } from '../output-target.ts';
import { removeStaleParts } from '../replace-file.ts';
import { fillTable, getTableFingerprint, isOwnDatabase, recordTable, type TableRows } from './table.ts';

const BUSY_INTERVAL_MS = 25;
const HARD_LINK_WAIT_MS = 500;
/**
 * SQLite buffers this much of the written data in memory, in KiB. Beyond that, readers wait until the transaction ends.
 */
const CACHE_KIB = 64 * 1024;
/** The first bytes of an SQLite database (sqlite.org/fileformat2.html, 1.3). */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Writes rows into a table of an existing database, in one transaction. Readers see the old content until the commit,
 * and after a rollback.
 * @throws ScrapeError `output` or `cancelled`, and the errors of libsql and `target.check`; nothing is changed then
 */
export async function updateDatabase(target: Target, rows: TableRows): Promise<string[]> {
  const { file } = target;
  await removeStaleParts(dirname(file));
  await refuseHardLinks(file, rows.signal);
  refuseOtherFiles(file);
  target.check();
  const db = new Libsql(file);
  try {
    // SQLite's own wait would block this whole process.
    db.exec('PRAGMA busy_timeout = 0');
    db.exec('PRAGMA synchronous = FULL');
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    await retryWhileBusy(() => db.exec('BEGIN IMMEDIATE'), rows);
    return await updateTable(db, target, rows);
  } finally {
    db.close();
  }
}

async function updateTable(db: Libsql.Database, target: Target, rows: TableRows): Promise<string[]> {
  try {
    if (isOwnDatabase(db)) {
      throw new ScrapeError('output', `${target.file} is a database of QuickScrape's own`, {
        hint: 'Choose another output path.',
      });
    }
    if (await rows.note?.matches(getTableFingerprint(db, target.file, rows.table))) {
      rollBack(db);
      return [ALREADY_APPENDED];
    }
    const warnings = await fillTable(db, target.file, rows);
    await recordTable(db, target.file, rows);
    // A link may have been put there meanwhile.
    target.check();
    await retryWhileBusy(() => db.exec('COMMIT'), rows);
    return warnings;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

async function retryWhileBusy(work: () => void, { busyWaitMs, signal }: TableRows): Promise<void> {
  const end = performance.now() + busyWaitMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      await pause(BUSY_INTERVAL_MS, signal);
    }
  }
}

/**
 * Refuses a file with several names, because another name's content would change too. While another run creates the
 * database, the file briefly has two names, so this waits.
 */
async function refuseHardLinks(file: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + HARD_LINK_WAIT_MS;
  while (statSync(file).nlink > 1) {
    if (performance.now() < end) {
      await pause(BUSY_INTERVAL_MS, signal);
      continue;
    }
    throw new ScrapeError(
      'output',
      `${file} has other names as well (hard links), under which it would change, too`,
      {
        hint: 'Choose another output path, or copy the file in its place.',
      },
    );
  }
}

/** SQLite accepts an empty file as an empty database. */
function refuseOtherFiles(file: string): void {
  if (statSync(file).size === 0 || readHeader(file).equals(MAGIC)) return;
  throw new ScrapeError('output', `${file} is not an SQLite database`, {
    hint: 'Move it away, or choose another output path. It was left as it is.',
  });
}

function readHeader(file: string): Buffer {
  const bytes = Buffer.alloc(MAGIC.length);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(fd);
  }
  return bytes;
}
