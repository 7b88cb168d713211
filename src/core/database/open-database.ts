import { statSync } from 'node:fs';
import type Libsql from 'libsql';
import { refuseLink } from '../fs/symlinks.ts';
import { isEmptyWithWal, isWalUnusable } from './check-integrity.ts';
import { fileExists, isWritable, openToRead, openToWrite } from './connection.ts';
import { migrate, refuseNewerFile } from './migrate.ts';
import { endReplacement, isHalfReplaced, replaceDamaged } from './recovery/replace-damaged.ts';
import { detectStaleByFiles, detectStaleDatabase } from './recovery/stale-database.ts';

/** An opened database. */
export interface OpenDatabase {
  connection: Libsql.Database;
  /** The inode of the opened file. The same name may refer to another file later. */
  inode: number;
}

/** Options for {@link openDatabase}. */
export interface OpenOptions {
  migrations: readonly string[];
  now: number;
  /** How long to wait for other processes that hold the file, in milliseconds. */
  waitMs: number;
  /** See {@link isOnlyRead}. */
  isReadOnly: boolean;
  /** Whether the database is also compared with run folders and job files: see {@link detectStaleByFiles}. */
  comparesFiles: boolean;
  /** Messages for users are added here, even when opening fails: migrated, damaged, replaced. */
  notices: string[];
}

/**
 * Whether a file exists and cannot be written: the disk is read-only, or the file belongs to another user.
 * @throws NodeJS.ErrnoException when the system cannot determine it
 */
export function isOnlyRead(file: string): boolean {
  return fileExists(file) && !isWritable(file);
}

/**
 * Opens a database and migrates its tables to the newest of `migrations`. A missing file is created (mode 0600). A
 * database that cannot be written is opened for reading only. Before that, a replacement that another process began is
 * completed, and a database with a damaged WAL is replaced.
 * @throws {@link QuickscrapeError} for a link and for tables of a newer version; otherwise errors of SQLite and the
 *   system
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
