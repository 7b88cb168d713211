import { statSync } from 'node:fs';
import type Libsql from 'libsql';
import { waitForRemoval } from '../fs/home-folder.ts';
import type { QuickscrapeError } from '../lib/errors.ts';
import { BUSY_WAIT_MS, rollBack, type SqlParams } from './connection.ts';
import { JournalWriter } from './journal-writer.ts';
import { type MigrateOptions, refuseNewerTables } from './migrate.ts';
import { isOnlyRead, openDatabase } from './open-database.ts';
import { replaceDamaged } from './recovery/replace-damaged.ts';
import { MIGRATIONS } from './schema.ts';
import { closedError, isPossibleDamage, withSqlErrors } from './sql-errors.ts';
import { WalFiles } from './wal-files.ts';

/** Caches the compiled statements of each connection. The statements are released with their connection. */
class Statements {
  readonly #known = new WeakMap<Libsql.Database, Map<string, Libsql.Statement>>();

  /** @param use separates statements with the same text: a libsql statement that ran `all` must not run `get` */
  of(connection: Libsql.Database, sql: string, use: string): Libsql.Statement {
    const known = this.#known.get(connection) ?? new Map<string, Libsql.Statement>();
    this.#known.set(connection, known);
    const statement = known.get(use + sql) ?? connection.prepare(sql);
    known.set(use + sql, statement);
    return statement;
  }
}

/** Options for {@link QuickscrapeDatabase}. */
interface DatabaseOptions extends Pick<MigrateOptions, 'migrations'> {
  /** How long a statement waits for another process's write before it fails, in milliseconds. */
  busyWaitMs?: number;
  /** Epoch milliseconds, for the names of backups and of damaged files. */
  now?: () => number;
}

/** Reads check at this interval whether the file is still the same, in milliseconds; writes check each time. */
const CHECK_INTERVAL_MS = 250;
/** Another process may replace the file while it is being opened. */
const MAX_OPEN_ATTEMPTS = 5;

/**
 * One connection to `quickscrape.db`. Statements are synchronous and compiled once each; errors are
 * `store_unavailable`. A damaged file is saved under another name and replaced by a new one with the data that could
 * be recovered. A file that was deleted or replaced from outside is opened again.
 */
export class QuickscrapeDatabase {
  #connection: Libsql.Database | undefined;
  readonly #statements = new Statements();
  readonly file: string;
  /** Receives changed runs within the transaction that changes them. */
  readonly journal: JournalWriter;
  readonly #now: () => number;
  readonly #migrations: readonly string[];
  #inode = 0;
  readonly #walFiles: WalFiles;
  #openings = 0;
  #checkedAt = 0;
  #readOnly = false;
  #closed = false;
  #inTransaction = false;
  #waitMs: number;
  /**
   * The number of rows that this connection has changed. It is read once per write, not in each call of
   * `changeVersion`.
   */
  #written = 0;
  #replaced = false;
  #comparesFiles = false;
  readonly #notices: string[] = [];

  /** Opens or creates (mode 0600) the database and migrates its tables; read-only if it cannot be written. */
  constructor(file: string, options: DatabaseOptions = {}) {
    this.file = file;
    this.journal = new JournalWriter(file);
    this.#walFiles = new WalFiles(file);
    this.#now = options.now ?? Date.now;
    this.#migrations = options.migrations ?? MIGRATIONS;
    this.#waitMs = options.busyWaitMs ?? BUSY_WAIT_MS;
    this.#open();
  }

  /** Whether nothing can be written: the disk is read-only, or the home belongs to another user. */
  get isReadOnly(): boolean {
    return this.#readOnly;
  }

  /** Set permanently once a file beside the database was lost: other processes no longer see what is written here. */
  get detachedError(): QuickscrapeError | undefined {
    const connection = this.#inTransaction ? undefined : this.#connection;
    if (connection && this.#walFiles.areLost(connection, this.#isCurrent)) this.#connection = undefined;
    return this.#walFiles.detachedError;
  }

  /** Returns and clears the messages for users about the file since the last call: migrated, damaged, replaced. */
  takeNotices(): string[] {
    return this.#notices.splice(0);
  }

  all<T>(sql: string, params: SqlParams = []): T[] {
    return this.#read(() => this.#prepare(sql).all(params) as T[]);
  }

  /** Returns the first row, at two thirds of the cost of {@link all}. */
  get<T>(sql: string, params: SqlParams = []): T | undefined {
    type Found = (T & { _metadata?: 0 }) | undefined;
    // A separate statement: libsql's `get` ignores the parameters of a statement that `all` or `run` has used before.
    const found = this.#read(() => this.#prepare(sql, 'get').get(params) as Found);
    if (found === undefined) return undefined;
    // libsql adds the duration of the query to the columns.
    const { _metadata: _, ...row } = found;
    return row as T;
  }

  #read<T>(statement: () => T): T {
    if (this.#inTransaction) return statement();
    const looks = !this.#connection || performance.now() - this.#checkedAt > CHECK_INTERVAL_MS;
    if (looks) this.#follow();
    const read = () =>
      withSqlErrors(this.file, () => {
        if (looks) refuseNewerTables(this.file, this.#mustBeOpen(), this.#migrations.length);
        return statement();
      });
    try {
      return read();
    } catch (error) {
      if (!this.#rescue(error)) throw error;
      return read();
    }
  }

  /** Runs a statement; `changes` is the number of affected rows. */
  run(sql: string, params: SqlParams = []): { changes: number } {
    return this.transaction(() => ({ changes: this.#prepare(sql).run(params).changes }));
  }

  /**
   * Runs `work` in one immediate transaction: all of its statements take effect, or none. If the file turns out to be
   * damaged, the transaction fails and is not retried: the caller must retry with the new file.
   */
  transaction<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    try {
      return withSqlErrors(this.file, () => {
        const connection = this.#begin();
        this.#inTransaction = true;
        try {
          const result = work();
          const entries = this.journal.countUp((sql, params) => this.#prepare(sql).all(params));
          // Before the commit: a failure after it would report a committed transaction as failed.
          this.#written = (this.#prepare('SELECT total_changes() AS n').all([])[0] as { n: number }).n;
          connection.exec('COMMIT');
          this.#notices.push(...this.journal.flush(entries));
          return result;
        } catch (error) {
          this.journal.forget();
          if (!this.#closed) rollBack(connection);
          throw error;
        } finally {
          this.#inTransaction = false;
        }
      });
    } catch (error) {
      this.#rescue(error);
      throw error;
    }
  }

  /**
   * Runs `work` with a busy timeout of `ms` milliseconds, for callers that must not block and can retry later.
   */
  withBusyTimeout<T>(ms: number, work: () => T): T {
    if (this.#inTransaction) return work();
    const before = this.#waitMs;
    this.#wait(ms);
    try {
      return work();
    } finally {
      this.#wait(before);
    }
  }

  #wait(ms: number): void {
    this.#waitMs = ms;
    try {
      this.#connection?.exec(`PRAGMA busy_timeout = ${ms}`);
    } catch {
      this.#letGo();
    }
  }

  /**
   * Returns a text that changes after each write by this or another connection. It includes the number of openings,
   * because each connection counts the writes of others separately.
   */
  changeVersion(): string {
    const others = this.get<{ data_version: number }>('PRAGMA data_version')?.data_version;
    return `${this.#inode}/${this.#openings}/${others}/${this.#written}`;
  }

  /**
   * Opens the file again if it was deleted or replaced: other processes do not see what is written into a deleted file.
   * Returns true if this happened since the last call.
   */
  reopenIfReplaced(): boolean {
    this.#follow();
    const replaced = this.#replaced;
    this.#replaced = false;
    return replaced;
  }

  /** Reads the whole file and replaces it if it is damaged: libsql ends the process on a text that is not UTF-8. */
  verify(): void {
    this.#mustBeOpen();
    this.#replaceDamaged();
    this.#follow();
  }

  /**
   * Reopens the database and from then on compares it with run folders and job files; for processes that start runs.
   */
  compareWithFiles(): void {
    this.#comparesFiles = true;
    this.#letGo();
    this.#open();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#letGo();
  }

  /** Begins a transaction in the file that currently has the name, not in one that was moved away meanwhile. */
  #begin(): Libsql.Database {
    for (let opening = 1; ; opening += 1) {
      this.#follow(() => this.#isCurrent());
      const connection = this.#mustBeOpen();
      connection.exec('BEGIN IMMEDIATE');
      try {
        // After the begin: no other process can migrate the tables any more.
        refuseNewerTables(this.file, connection, this.#migrations.length);
        this.#refuseCutOff();
        if (this.#isCurrent() || opening === MAX_OPEN_ATTEMPTS) return connection;
      } catch (error) {
        rollBack(connection);
        throw error;
      }
      rollBack(connection);
    }
  }

  #follow(isCurrent = () => this.#mayBeCurrent()): void {
    if (this.#closed) this.#mustBeOpen();
    this.#refuseCutOff();
    this.#checkedAt = performance.now();
    // An earlier attempt to open may have failed half-way.
    if (this.#connection && isCurrent()) return;
    if (this.#connection) waitForRemoval(this.file);
    this.#letGo();
    this.#open();
  }

  /** @throws NodeJS.ErrnoException when the file cannot be checked: a write must go to the current file */
  readonly #isCurrent = () => statSync(this.file, { throwIfNoEntry: false })?.ino === this.#inode;

  /** For reads: while the file cannot be checked, the open one stays in use. */
  #mayBeCurrent(): boolean {
    try {
      return this.#isCurrent();
    } catch {
      return true;
    }
  }

  #letGo(): void {
    void this.detachedError;
    // Before closing: afterwards another file may get the inode number of a deleted one.
    if (this.#connection && !this.#mayBeCurrent()) this.#replaced = true;
    this.#connection?.close();
    this.#connection = undefined;
  }

  #refuseCutOff(): void {
    if (this.detachedError) throw this.detachedError;
  }

  #open(): void {
    for (let opening = 1; ; opening += 1) {
      try {
        withSqlErrors(this.file, () => {
          // Before opening: if that fails, a damaged file that cannot be written is left in place.
          this.#readOnly = isOnlyRead(this.file);
          const { connection, inode } = openDatabase(this.file, {
            migrations: this.#migrations,
            now: this.#now(),
            waitMs: this.#waitMs,
            isReadOnly: this.#readOnly,
            comparesFiles: this.#comparesFiles,
            notices: this.#notices,
          });
          this.#connection = connection;
          this.#inode = inode;
          this.#walFiles.opened(this.#readOnly);
          this.#openings += 1;
        });
        if (this.#mayBeCurrent()) return;
        this.#letGo();
      } catch (error) {
        if (opening === MAX_OPEN_ATTEMPTS || !isPossibleDamage(error) || !this.#replaceDamaged()) throw error;
      }
    }
  }

  /** Replaces a damaged file after a failed statement and opens the new one. False when it is not damaged. */
  #rescue(error: unknown): boolean {
    if (this.#closed || this.#inTransaction || !isPossibleDamage(error)) return false;
    // The state of this connection may be wrong instead of the file.
    this.#letGo();
    this.#refuseCutOff();
    this.#replaced = true;
    this.#replaceDamaged();
    this.#open();
    return true;
  }

  /** @returns whether it was damaged */
  #replaceDamaged(): boolean {
    if (this.#readOnly) return false;
    const said = withSqlErrors(this.file, () => replaceDamaged(this.file, this.#now(), this.#waitMs));
    this.#notices.push(...said);
    return said.length > 0;
  }

  /** libsql aborts the whole process when a closed connection is used. */
  #mustBeOpen(): Libsql.Database {
    if (this.#connection) return this.#connection;
    this.#walFiles.refuseDetached();
    throw closedError(this.file);
  }

  #prepare(sql: string, use = ''): Libsql.Statement {
    return this.#statements.of(this.#mustBeOpen(), sql, use);
  }
}
