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
import { rollBack } from '../connection.ts';
import { fileExists } from '../file-exists.ts';
import { openPrivateFile } from '../private-file.ts';
import { MIGRATIONS } from '../schema.ts';
import { isBusy, isPossibleDamage } from '../sql-errors.ts';
import { texts } from './safe-text.ts';

const PAGE_BYTES = 4096;

/** A damaged database, opened to read what is left of it. */
export interface DamagedSource {
  connection: Libsql.Database;
  /** Also a second time. */
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
    if (isBusy(error) || !isPossibleDamage(error)) {
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
 * The damaged file itself when it is locked and its list of tables can be read; else a copy of it, under a first page of
 * our own if need be: the tables of a database that our migrations have made lie at the same places each time.
 * @param scratch where the copy may lie
 */
export function openDamaged(
  file: string,
  locked: Libsql.Database | undefined,
  scratch: string,
): DamagedSource {
  // A rescue whose process died over it may have left its own.
  removeScratch(scratch);
  if (locked && listsTables(locked)) return { connection: locked, close: () => {} };
  try {
    const connection = openCopy(file, scratch);
    let isOpen = true;
    return {
      connection,
      close() {
        if (isOpen) connection.close();
        isOpen = false;
        removeScratch(scratch);
      },
    };
  } catch (error) {
    removeScratch(scratch);
    throw error;
  }
}

function removeScratch(scratch: string): void {
  for (const name of [scratch, createModel(scratch)])
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(name + ending, { force: true });
}

function openCopy(file: string, scratch: string): Libsql.Database {
  copyWithWal(file, scratch);
  const isLarge = statSync(scratch).size >= 2 * PAGE_BYTES;
  if (isLarge) {
    const connection = new Libsql(scratch);
    if (listsTables(connection)) return connection;
    connection.close();
    // SQLite may have changed the WAL.
    removeScratch(scratch);
    copyWithWal(file, scratch);
  }
  writeFirstPage(scratch, isLarge ? firstPage(createModel(scratch)) : Buffer.alloc(PAGE_BYTES));
  return new Libsql(scratch);
}

/** Reading it drops this process's locks on the file (POSIX); nobody can use it any more. */
function copyWithWal(file: string, copy: string): void {
  copyFileSync(file, copy);
  chmodSync(copy, 0o600);
  if (fileExists(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
}

function createModel(scratch: string): string {
  return `${scratch}-model`;
}

function listsTables(connection: Libsql.Database): boolean {
  try {
    return texts(connection, 'name', 'sqlite_schema').includes('runs');
  } catch (error) {
    if (isPossibleDamage(error)) return false;
    throw error;
  }
}

/** @param model where a new database may be made, for as long as it takes */
function firstPage(model: string): Buffer {
  const connection = openPrivateFile(model);
  try {
    for (const step of MIGRATIONS) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  } finally {
    connection.close();
  }
  const page = readFileSync(model).subarray(0, PAGE_BYTES);
  rmSync(model, { force: true });
  return page;
}

function writeFirstPage(file: string, page: Buffer): void {
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
