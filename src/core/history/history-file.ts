import type Libsql from 'libsql';
import {
  fileExists,
  isWritable,
  openPrivateFile,
  openToRead,
  query,
  rollBack,
} from '../database/connection.ts';
import { isPossibleDamage, withSqlErrors } from '../database/sql-errors.ts';
import type { HomePaths } from '../fs/paths.ts';
import { refuseLink } from '../fs/symlinks.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { HistoryRules } from '../model/history-rules.ts';
import { getPersistentFiles } from '../runs/run-files.ts';

const VERSION = 1;

/**
 * `identities` are keys of the configuration: with another key, rows are other ones, and another history begins.
 * `runs` are the runs whose values are in, in the order of their outcomes; `number` is how many values were kept of each.
 * `items` are rows: `now` has, by field, what the last value is compared by; a row that is `gone` was not in the last run.
 * `changes` are the kept values: JSON, or null when the row vanished. `figure` is the value as a number, `percent` how
 * much it differs from the number before.
 */
const SCHEMA = `
  CREATE TABLE identities (id INTEGER PRIMARY KEY, rules TEXT NOT NULL UNIQUE);
  CREATE TABLE fields (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY, identity INTEGER NOT NULL, run_id TEXT NOT NULL, at INTEGER NOT NULL,
    number INTEGER NOT NULL, UNIQUE (identity, run_id)
  );
  CREATE TABLE items (
    id INTEGER PRIMARY KEY, identity INTEGER NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, gone INTEGER NOT NULL,
    now TEXT NOT NULL, UNIQUE (identity, key)
  );
  CREATE TABLE changes (
    item INTEGER NOT NULL, field INTEGER NOT NULL, run INTEGER NOT NULL, value TEXT, figure REAL, percent REAL,
    PRIMARY KEY (item, field, run)
  ) WITHOUT ROWID;
  CREATE INDEX changes_by_run ON changes (field, run DESC);
  CREATE INDEX changes_by_percent ON changes (field, percent, run) WHERE percent IS NOT NULL;
`;

/** The text by which the key of a configuration is known in the file. */
export function identityOf({ key, ignore_case, ignore_whitespace }: HistoryRules): string {
  return JSON.stringify([key, ignore_case, ignore_whitespace]);
}

/** A job's `history.db`. Each method throws QuickscrapeError `store_unavailable` for a damaged file or a full disk. */
export class HistoryFile {
  readonly file: string;
  readonly connection: Libsql.Database;
  readonly isReadOnly: boolean;

  private constructor(file: string, connection: Libsql.Database, isReadOnly: boolean) {
    this.file = file;
    this.connection = connection;
    this.isReadOnly = isReadOnly;
  }

  /**
   * Opens or creates a job's file (mode 0600).
   * @param waitMs how long a statement waits for another process
   * @returns `undefined` when there is none and the home cannot be written
   * @throws QuickscrapeError `store_unavailable`; `not_allowed` for a link
   */
  static open(paths: HomePaths, jobId: string, waitMs: number): HistoryFile | undefined {
    const { folder, history: file } = getPersistentFiles(paths, jobId);
    refuseLink(folder);
    refuseLink(file);
    return wrapHistoryErrors(file, () => {
      const exists = fileExists(file);
      const isReadOnly = exists && !isWritable(file);
      if (!exists && !(fileExists(folder) && isWritable(folder))) return undefined;
      const connection = isReadOnly ? openToRead(file) : openPrivateFile(file);
      try {
        connection.exec(`PRAGMA busy_timeout = ${waitMs}`);
        connection.exec('PRAGMA synchronous = FULL');
        // Readers wait only while a transaction is committed.
        connection.exec('PRAGMA cache_spill = OFF');
        requireVersion(file, connection);
        return new HistoryFile(file, connection, isReadOnly);
      } catch (error) {
        connection.close();
        throw error;
      }
    });
  }

  /** Does `work` in a transaction that begins with the lock for writing, so that two processes write in turn. */
  async write<T>(work: () => Promise<T>): Promise<T> {
    const { connection } = this;
    this.wrap(() => connection.exec('BEGIN IMMEDIATE'));
    try {
      this.wrap(() => createTables(connection));
      const result = await work();
      this.wrap(() => connection.exec('COMMIT'));
      return result;
    } catch (error) {
      rollBack(connection);
      throw toHistoryError(this.file, error);
    }
  }

  /** Whether something was ever written. */
  isEmpty(): boolean {
    return this.wrap(() => versionOf(this.connection) === 0);
  }

  /** The key with which the newest values were kept, and their fields; `undefined` when there are none. */
  lastRules(): HistoryRules | undefined {
    if (this.isEmpty()) return undefined;
    const [last] = this.query<{ rules: string }>(
      'SELECT rules FROM identities JOIN runs ON identity = identities.id ORDER BY runs.id DESC LIMIT 1',
    );
    if (last === undefined) return undefined;
    const [key, ignore_case, ignore_whitespace] = JSON.parse(last.rules);
    return { key, ignore_case, ignore_whitespace, fields: [] };
  }

  /** Returns the id of a key, within {@link write}, and whether nothing was kept with it yet. */
  identify(rules: HistoryRules): { id: number; isNew: boolean } {
    const [identity] = this.query<{ id: number; isNew: number }>(
      `INSERT INTO identities (rules) VALUES (?) ON CONFLICT DO UPDATE SET rules = rules
       RETURNING id, NOT EXISTS (SELECT 1 FROM runs WHERE identity = identities.id) AS isNew`,
      [identityOf(rules)],
    );
    return { id: identity?.id ?? 0, isNew: identity?.isNew === 1 };
  }

  query<T>(sql: string, params: readonly unknown[] = []): T[] {
    return this.wrap(() => query<T>(this.connection, sql, params));
  }

  prepare(sql: string): Libsql.Statement {
    return this.wrap(() => this.connection.prepare(sql));
  }

  wrap<T>(work: () => T): T {
    return wrapHistoryErrors(this.file, work);
  }

  close(): void {
    this.connection.close();
  }
}

function versionOf(connection: Libsql.Database): number {
  return query<{ user_version: number }>(connection, 'PRAGMA user_version')[0]?.user_version ?? 0;
}

function createTables(connection: Libsql.Database): void {
  if (versionOf(connection) !== 0) return;
  connection.exec(SCHEMA);
  connection.exec(`PRAGMA user_version = ${VERSION}`);
}

function requireVersion(file: string, connection: Libsql.Database): void {
  if (versionOf(connection) <= VERSION) return;
  throw new QuickscrapeError('store_unavailable', `${file} was written by a newer version of this program`, {
    hint: 'Use that version.',
  });
}

function wrapHistoryErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toHistoryError(file, error);
  }
}

function toHistoryError(file: string, error: unknown): unknown {
  if (isPossibleDamage(error))
    return new QuickscrapeError('store_unavailable', `the history of rows is damaged: ${file}`, {
      hint: DAMAGED_HINT,
      cause: error,
    });
  try {
    return withSqlErrors(file, () => {
      throw error;
    });
  } catch (converted) {
    return converted;
  }
}

/** What to do with a damaged file. */
export const DAMAGED_HINT =
  'Move the file away: a new history then begins, with the items of the runs that are still there. Jobs and runs are not affected.';
