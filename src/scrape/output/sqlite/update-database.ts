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
/** What is written is kept in memory up to so much, in KiB; beyond that, readers wait until all is written. */
const CACHE_KIB = 64 * 1024;
/** How an SQLite database begins (sqlite.org/fileformat2.html, 1.3). */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Writes rows into a table of the database that is there, in one transaction: others read what was there before until
 * it is committed, and find it again when it is not.
 * @throws ScrapeError `output` or `cancelled`, what libsql and `target.check` throw; nothing was changed then
 */
export async function updateDatabase(target: Target, rows: TableRows): Promise<string[]> {
  const { file } = target;
  await removeStaleParts(dirname(file));
  await refuseHardLinks(file, rows.signal);
  refuseOtherFiles(file);
  target.check();
  const db = new Libsql(file);
  try {
    // It would block all of this process while it waits.
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
    // Somebody may have put a link there meanwhile.
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

/** Another name leads to what is written under this one; while another run makes the database, it has two for a moment. */
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

/** SQLite takes a file of nothing for an empty database. */
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
