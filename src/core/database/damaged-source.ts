import {
  chmodSync,
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import Libsql from 'libsql';
import { MIGRATIONS } from '../run/schema.ts';
import { rollBack } from './connection.ts';
import { isThere } from './is-there.ts';
import { openOwnFile } from './own-file.ts';
import { texts } from './safe-text.ts';
import { isBusy, suggestsDamage } from './sql-errors.ts';

const PAGE_BYTES = 4096;

/** A damaged database, opened to read what is left of it. */
export interface DamagedSource {
  connection: Libsql.Database;
  close(): void;
}

/**
 * Keeps other processes from writing into a damaged database, as far as its damage allows a lock at all: what they
 * wrote now would be lost.
 * @returns what gives the lock back
 * @throws SQLITE_BUSY when somebody holds it for longer than `busyWaitMs`
 */
export function lockDamaged(
  file: string,
  busyWaitMs: number,
): { connection: Libsql.Database; release(): void } {
  const connection = new Libsql(file);
  try {
    connection.exec(`PRAGMA busy_timeout = ${busyWaitMs}`);
    connection.exec('BEGIN IMMEDIATE');
  } catch (error) {
    // A file that cannot be locked for its damage cannot be written by others either.
    if (isBusy(error) || !suggestsDamage(error)) {
      connection.close();
      throw error;
    }
  }
  return {
    connection,
    release() {
      rollBack(connection);
      connection.close();
    },
  };
}

/**
 * The damaged file itself when its list of tables can be read; else a copy of it under a first page of our own: the
 * tables of a database that our migrations have made lie at the same places each time.
 * @param scratch where the copy may lie
 */
export function openDamaged(
  file: string,
  locked: Libsql.Database | undefined,
  scratch: string,
): DamagedSource {
  if (locked && listsTables(locked)) return { connection: locked, close: () => {} };
  const removeCopy = () => {
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(scratch + ending, { force: true });
  };
  removeCopy();
  // Reading it drops this process's locks on it (POSIX); nobody can use it any more.
  copyFileSync(file, scratch);
  chmodSync(scratch, 0o600);
  if (statSync(scratch).size < 2 * PAGE_BYTES) giveFirstPage(scratch, Buffer.alloc(PAGE_BYTES));
  else giveFirstPage(scratch, firstPage(`${scratch}-model`));
  if (isThere(`${file}-wal`)) copyFileSync(`${file}-wal`, `${scratch}-wal`);
  const connection = new Libsql(scratch);
  return {
    connection,
    close() {
      connection.close();
      removeCopy();
    },
  };
}

function listsTables(connection: Libsql.Database): boolean {
  try {
    return texts(connection, 'name', 'sqlite_schema').includes('runs');
  } catch (error) {
    if (suggestsDamage(error)) return false;
    throw error;
  }
}

function firstPage(model: string): Buffer {
  try {
    const connection = openOwnFile(model);
    for (const step of MIGRATIONS) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    connection.close();
    return readFileSync(model).subarray(0, PAGE_BYTES);
  } finally {
    rmSync(model, { force: true });
  }
}

function giveFirstPage(file: string, page: Buffer): void {
  const pages = Math.max(1, Math.floor(statSync(file).size / PAGE_BYTES));
  // WAL, and as many pages as there are (sqlite.org/fileformat2.html, 1.3).
  page.writeUInt8(2, 18);
  page.writeUInt8(2, 19);
  page.writeUInt32BE(page.readUInt32BE(92), 24);
  page.writeUInt32BE(pages, 28);
  page.writeUInt32BE(0, 32);
  page.writeUInt32BE(0, 36);
  const fd = openSync(file, 'r+');
  try {
    writeSync(fd, page, 0, PAGE_BYTES, 0);
  } finally {
    closeSync(fd);
  }
}
