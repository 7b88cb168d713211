import { statSync } from 'node:fs';
import type Libsql from 'libsql';
import { refuseLink } from '../fs/refuse-link.ts';
import { isEmptyWithWal, isWalUnusable } from './check-integrity.ts';
import { fileExists, isWritable, openToRead, openToWrite } from './connection.ts';
import { migrate, refuseNewerFile } from './migrate.ts';
import { endReplacement, isHalfReplaced, replaceDamaged } from './recovery/replace-damaged.ts';
import { detectStaleByFiles, detectStaleDatabase } from './recovery/stale-database.ts';

/** A database that has been opened. */
export interface OpenDatabase {
  connection: Libsql.Database;
  /** Of the file that was opened: another one may have its name later. */
  inode: number;
}

/** How a database is opened. */
export interface OpenOptions {
  migrations: readonly string[];
  now: number;
  /** How long others who hold the file are waited for, in milliseconds. */
  waitMs: number;
  /** See {@link isOnlyRead}. */
  isReadOnly: boolean;
  /** Whether it is compared with run folders and job files, too: see {@link detectStaleByFiles}. */
  comparesFiles: boolean;
  /** Here is added what people should know, also when the opening fails: migrated, damaged, replaced. */
  notices: string[];
}

/**
 * Whether a file is there and cannot be written: a read-only disk, or somebody else's.
 * @throws what the system says when it cannot tell
 */
export function isOnlyRead(file: string): boolean {
  return fileExists(file) && !isWritable(file);
}

/**
 * Opens (and makes, mode 0600) a database and brings its tables to the newest of `migrations`; where nothing can be
 * written, it opens it to read only. A replacement that somebody began is ended first, and a damaged WAL replaced.
 * @throws {@link QuickscrapeError} for a link and for tables of a newer version; else what SQLite and the system throw
 */
export function openDatabase(file: string, options: OpenOptions): OpenDatabase {
  const { migrations, now, waitMs, isReadOnly, comparesFiles, notices } = options;
  for (const ending of ['', '-wal', '-shm', '-journal']) refuseLink(file + ending);
  if (!isReadOnly) makeReady();
  const connection = isReadOnly ? openToRead(file) : openToWrite(file, waitMs);
  try {
    const inode = statSync(file).ino;
    notices.push(...migrate(file, connection, { now, migrations }));
    if (!isReadOnly) notices.push(...detectStaleDatabase(file, connection, now));
    if (!isReadOnly && comparesFiles) notices.push(...detectStaleByFiles(file, connection, now));
    return { connection, inode };
  } catch (error) {
    connection.close();
    throw error;
  }

  function makeReady(): void {
    refuseNewerFile(file, migrations.length);
    if (isHalfReplaced(file)) endReplacement(file, waitMs);
    if (isWalUnusable(file) || isEmptyWithWal(file)) notices.push(...replaceDamaged(file, now, waitMs));
  }
}
