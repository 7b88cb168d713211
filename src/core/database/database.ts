import { statSync } from 'node:fs';
import type Libsql from 'libsql';
import { waitForRemoval } from '../fs/wait-for-removal.ts';
import type { QuickscrapeError } from '../lib/errors.ts';
import type { SqlParams } from './connection.ts';
import { BUSY_WAIT_MS, rollBack } from './connection.ts';
import { JournalWriter } from './journal-writer.ts';
import type { MigrateOptions } from './migrate.ts';
import { refuseNewerTables } from './migrate.ts';
import { isOnlyRead, openDatabase } from './open-database.ts';
import { replaceDamaged } from './recovery/replace-damaged.ts';
import { MIGRATIONS } from './schema.ts';
import { OpenSideFiles, trueIfUnknown } from './side-files.ts';
import { closedError, isPossibleDamage, withSqlErrors } from './sql-errors.ts';

/** The statements of connections, compiled once each; they go with their connection. */
class Statements {
  readonly #known = new WeakMap<Libsql.Database, Map<string, Libsql.Statement>>();

  /** @param use tells two of the same text apart: what was asked for all rows goes wrong when asked for one */
  of(connection: Libsql.Database, sql: string, use: string): Libsql.Statement {
    const known = this.#known.get(connection) ?? new Map<string, Libsql.Statement>();
    this.#known.set(connection, known);
    const statement = known.get(use + sql) ?? connection.prepare(sql);
    known.set(use + sql, statement);
    return statement;
  }
}

/** How `quickscrape.db` is opened. */
interface DatabaseOptions extends Pick<MigrateOptions, 'migrations'> {
  /** How long a statement waits for another process's write before it fails, in milliseconds. */
  busyWaitMs?: number;
  /** Epoch milliseconds, for the names of backups and of damaged files. */
  now?: () => number;
}

/** Reads look this often whether the file is still the same, in milliseconds; writes look each time. */
const CHECK_INTERVAL_MS = 250;
/** Another process may put a new file in its place while it is being opened. */
const MAX_OPEN_ATTEMPTS = 5;

/**
 * One connection to `quickscrape.db`. Statements are synchronous and compiled once each; failures are `store_unavailable`.
 * A damaged file is kept under another name, and a new one with what could be read takes its place; so does one that was
 * deleted or replaced by somebody.
 */
export class QuickscrapeDatabase {
  #connection: Libsql.Database | undefined;
  readonly #statements = new Statements();
  readonly file: string;
  /** Is told of runs within the transaction that changes them. */
  readonly journal: JournalWriter;
  readonly #now: () => number;
  readonly #migrations: readonly string[];
  #inode = 0;
  readonly #sideFiles: OpenSideFiles;
  #openings = 0;
  #checkedAt = 0;
  #readOnly = false;
  #closed = false;
  #inTransaction = false;
  #waitMs: number;
  /** Rows that this connection has changed: asked once a write, not with each mark. */
  #written = 0;
  #replaced = false;
  #comparesFiles = false;
  readonly #notices: string[] = [];

  /** Opens (and makes, mode 0600) the database and brings its tables to this version's; to read only where it must. */
  constructor(file: string, options: DatabaseOptions = {}) {
    this.file = file;
    this.journal = new JournalWriter(file);
    this.#sideFiles = new OpenSideFiles(file);
    this.#now = options.now ?? Date.now;
    this.#migrations = options.migrations ?? MIGRATIONS;
    this.#waitMs = options.busyWaitMs ?? BUSY_WAIT_MS;
    this.#open();
  }

  /** Whether nothing can be written: a read-only disk, or somebody else's home. */
  get isReadOnly(): boolean {
    return this.#readOnly;
  }

  /** Set for good once a file beside the database was lost: others do not see what is written here any more. */
  get detachedError(): QuickscrapeError | undefined {
    const connection = this.#inTransaction ? undefined : this.#connection;
    if (connection && this.#sideFiles.areLost(connection, this.#isCurrent)) this.#connection = undefined;
    return this.#sideFiles.detachedError;
  }

  /** What people should know of what happened to the file since the last call: migrated, damaged, replaced. */
  takeNotices(): string[] {
    return this.#notices.splice(0);
  }

  all<T>(sql: string, params: SqlParams = []): T[] {
    return this.#read(() => this.#prepare(sql).all(params) as T[]);
  }

  /** The first row, for two thirds of what {@link all} costs. */
  get<T>(sql: string, params: SqlParams = []): T | undefined {
    type Found = (T & { _metadata?: 0 }) | undefined;
    // Its own: of a statement that `all` or `run` has used before, libsql's `get` ignores the parameters.
    const found = this.#read(() => this.#prepare(sql, 'get').get(params) as Found);
    if (found === undefined) return undefined;
    // libsql puts how long it took among the columns.
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

  /** Runs a statement; `changes` is the number of rows it touched. */
  run(sql: string, params: SqlParams = []): { changes: number } {
    return this.transaction(() => ({ changes: this.#prepare(sql).run(params).changes }));
  }

  /**
   * Runs `work` in one immediate transaction: all of its statements count, or none. When the file turns out to be
   * damaged it fails, and is not begun again: that is for the caller to do, with the new file.
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
          // Before the end, as a failure after it would call done things undone.
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
   * Does `work`, in which others who hold the file are waited for so many milliseconds at most: for whoever looks on, and
   * whose process must not stand still for what can as well be written another time.
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

  /** A text that changes when anybody has written: another connection, which each of ours counts anew, or this one. */
  changeVersion(): string {
    const others = this.get<{ data_version: number }>('PRAGMA data_version')?.data_version;
    return `${this.#inode}/${this.#openings}/${others}/${this.#written}`;
  }

  /**
   * Opens the file anew when it was deleted or replaced: nobody else sees what is written into a deleted one. True when it
   * was, since the last call.
   */
  reopenIfReplaced(): boolean {
    this.#follow();
    const replaced = this.#replaced;
    this.#replaced = false;
    return replaced;
  }

  /** Reads all of it and puts it aside when it is damaged: libsql ends a process over a text that is not UTF-8. */
  verify(): void {
    this.#mustBeOpen();
    this.#replaceDamaged();
    this.#follow();
  }

  /** Opens it anew, and from now on compares it with run folders and job files each time: for whoever starts runs. */
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

  /** Begins a transaction in the file that has the name now, and not in one that was moved away meanwhile. */
  #begin(): Libsql.Database {
    for (let opening = 1; ; opening += 1) {
      this.#follow(() => this.#isCurrent());
      const connection = this.#mustBeOpen();
      connection.exec('BEGIN IMMEDIATE');
      try {
        // After the begin: nobody can bring it to another version any more.
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
    // An earlier opening may have failed half-way.
    if (this.#connection && isCurrent()) return;
    if (this.#connection) waitForRemoval(this.file);
    this.#letGo();
    this.#open();
  }

  /** @throws what the system says when the file cannot be looked at: a write has to know where it goes */
  readonly #isCurrent = () => statSync(this.file, { throwIfNoEntry: false })?.ino === this.#inode;

  /** For reads: while nobody can tell, the file that is open is read on. */
  readonly #mayBeCurrent = () => trueIfUnknown(this.#isCurrent);

  #letGo(): void {
    void this.detachedError;
    // Afterwards nobody could tell: another file may get the number of a deleted one that nobody has open.
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
          // Before the opening: when it fails, a damaged file that cannot be written stays.
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
          this.#sideFiles.opened(this.#readOnly);
          this.#openings += 1;
        });
        if (this.#mayBeCurrent()) return;
        this.#letGo();
      } catch (error) {
        if (opening === MAX_OPEN_ATTEMPTS || !isPossibleDamage(error) || !this.#replaceDamaged()) throw error;
      }
    }
  }

  /** After a failed statement: puts a damaged file aside and opens the new one. False when it is not damaged. */
  #rescue(error: unknown): boolean {
    if (this.#closed || this.#inTransaction || !isPossibleDamage(error)) return false;
    // What this connection has in mind may be wrong, not the file.
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
    this.#sideFiles.refuseDetached();
    throw closedError(this.file);
  }

  #prepare(sql: string, use = ''): Libsql.Statement {
    return this.#statements.of(this.#mustBeOpen(), sql, use);
  }
}
