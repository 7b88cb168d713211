import { accessSync, chmodSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { QuickscrapeError } from '../errors.ts';
import { MIGRATIONS } from './schema.ts';

/** A value that SQLite takes or gives in our tables. */
export type SqlValue = string | number | null;
export type SqlParams = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

/** How long a statement waits for another process's write before it fails, in milliseconds. */
const BUSY_WAIT_MS = 5_000;

/**
 * One connection to `quickscrape.db`: runs, attempts, the queue and the jobs' runtime state.
 * Statements are synchronous and compiled once each. Failures are `store_unavailable`.
 */
export class QuickscrapeDatabase {
  #connection: Libsql.Database;
  readonly #statements = new Map<string, Libsql.Statement>();
  readonly file: string;
  #inode = 0;
  #readOnly = false;
  #closed = false;
  #inTransaction = false;

  /**
   * Opens (and makes, mode 0600) the database and brings its tables to this version's. Where nothing can be written,
   * it is opened to read only.
   */
  constructor(file: string) {
    this.file = file;
    this.#connection = this.#open();
  }

  /** Whether nothing can be written: a read-only disk, or somebody else's home. */
  get isReadOnly(): boolean {
    return this.#readOnly;
  }

  all<T>(sql: string, params: SqlParams = []): T[] {
    return guarded(this.file, () => this.#prepare(sql).all(params) as T[]);
  }

  get<T>(sql: string, params: SqlParams = []): T | undefined {
    // `.get()` adds a stray `_metadata` to the row; `.all()` does not.
    return this.all<T>(sql, params)[0];
  }

  /** Runs a statement; `changes` is the number of rows it touched. */
  run(sql: string, params: SqlParams = []): { changes: number } {
    return guarded(this.file, () => ({ changes: this.#prepare(sql).run(params).changes }));
  }

  /** Runs `work` in one immediate transaction: all of its statements count, or none. */
  transaction<T>(work: () => T): T {
    this.#mustBeOpen();
    if (this.#inTransaction) return work();
    return guarded(this.file, () => {
      this.#connection.exec('BEGIN IMMEDIATE');
      this.#inTransaction = true;
      try {
        const result = work();
        this.#connection.exec('COMMIT');
        return result;
      } catch (error) {
        if (!this.#closed) rollBack(this.#connection);
        throw error;
      } finally {
        this.#inTransaction = false;
      }
    });
  }

  /** A text that changes when anybody has written: another connection, or this one. */
  changeMark(): string {
    const others = this.get<{ data_version: number }>('PRAGMA data_version')?.data_version;
    return `${others}/${this.get<{ n: number }>('SELECT total_changes() AS n')?.n}`;
  }

  /**
   * Opens the file anew when it was deleted or replaced: what is written into a deleted file is lost, and nobody else
   * sees it. True when it was.
   */
  reopenIfReplaced(): boolean {
    this.#mustBeOpen();
    if (statSync(this.file, { throwIfNoEntry: false })?.ino === this.#inode) return false;
    this.#statements.clear();
    this.#connection.close();
    this.#connection = this.#open();
    return true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.close();
  }

  #open(): Libsql.Database {
    this.#readOnly = existsSync(this.file) && !isWritable(this.file);
    const connection = guarded(this.file, () =>
      this.#readOnly ? openToRead(this.file) : openToWrite(this.file),
    );
    this.#inode = statSync(this.file).ino;
    migrate(this.file, connection);
    return connection;
  }

  /** libsql aborts the whole process when a closed connection is used. */
  #mustBeOpen(): void {
    if (!this.#closed) return;
    throw new QuickscrapeError('store_unavailable', `${this.file} has been closed by this program`, {
      hint: 'Open the home again: a closed JobManager cannot be used any more.',
    });
  }

  #prepare(sql: string): Libsql.Statement {
    this.#mustBeOpen();
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function openToWrite(file: string): Libsql.Database {
  const connection = new Libsql(file);
  try {
    // busy_timeout first: switching to WAL takes a lock as well.
    connection.exec(`PRAGMA busy_timeout = ${BUSY_WAIT_MS}`);
    connection.exec('PRAGMA journal_mode = WAL');
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec('PRAGMA foreign_keys = ON');
    if ((statSync(file).mode & 0o777) !== 0o600) chmodSync(file, 0o600);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function openToRead(file: string): Libsql.Database {
  try {
    const connection = new Libsql(file, { readonly: true });
    connection.exec('SELECT 1 FROM sqlite_schema');
    return connection;
  } catch {
    // WAL needs files beside the database that cannot be made; `immutable` says that nobody writes, so none are needed.
    return new Libsql(`file:${encodeURI(file).replaceAll('?', '%3f').replaceAll('#', '%23')}?immutable=1`);
  }
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function migrate(file: string, connection: Libsql.Database): void {
  const version = () =>
    (connection.prepare('PRAGMA user_version').all() as { user_version: number }[])[0]?.user_version ?? 0;
  if (guarded(file, version) === MIGRATIONS.length) return;
  guarded(file, () => {
    connection.exec('BEGIN IMMEDIATE');
    try {
      const from = version();
      if (from > MIGRATIONS.length) {
        throw new QuickscrapeError(
          'store_unavailable',
          `${file} was written by a newer version of QuickScrape Jobs (schema ${from}, this version knows ${MIGRATIONS.length})`,
          { hint: 'Install that version or newer; nothing in the file was changed.' },
        );
      }
      for (const step of MIGRATIONS.slice(from)) connection.exec(step);
      connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
      connection.exec('COMMIT');
    } catch (error) {
      rollBack(connection);
      throw error;
    }
  });
}

function rollBack(connection: Libsql.Database): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // A full disk and the like have rolled it back already: what counts is the error before this one.
  }
}

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^SQLITE_/.test(String(error.code))) {
      throw new QuickscrapeError('store_unavailable', `${file}: ${error.message} (${String(error.code)})`, {
        hint: adviceFor(String(error.code), file),
        cause: error,
      });
    }
    const refused = error instanceof Error && /^ConnectionFailed/.test(error.message);
    if (refused || (error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code)))) {
      throw new QuickscrapeError('store_unavailable', error.message, {
        hint: 'Check the disk and the permissions of the home folder.',
        cause: error,
      });
    }
    throw error;
  }
}

/** Less free space than this and SQLite's "I/O error" means a full disk, in bytes. */
const NEXT_TO_NOTHING = 256 * 1024;

function adviceFor(code: string, file: string): string {
  if (code.startsWith('SQLITE_BUSY')) return 'Another process holds the database; try again in a moment.';
  if (code.startsWith('SQLITE_FULL') || (code.startsWith('SQLITE_IOERR') && isDiskFull(file)))
    return 'The disk is full; free some space and try again.';
  if (code.startsWith('SQLITE_READONLY')) return 'The home folder is not writable; check its permissions.';
  if (code.startsWith('SQLITE_CANTOPEN')) return 'Check that the home folder exists and is writable.';
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return 'The file is damaged; move it aside and start again: job files are not affected.';
  }
  return 'Check the disk and the permissions of the home folder.';
}

function isDiskFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < NEXT_TO_NOTHING;
  } catch {
    return false;
  }
}
