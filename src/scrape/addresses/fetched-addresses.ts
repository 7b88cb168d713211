import { hash } from 'node:crypto';
import type Libsql from 'libsql';
import { openPrivateFile } from '../../core/database/connection.ts';
import { sqlCode } from '../../core/database/sql-errors.ts';
import { isActive, type StoredStatus } from '../../core/model/run-record.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** How long another run of the job may write, in milliseconds. */
const BUSY_WAIT_MS = 10_000;
const VERSION = 1;
/** Of a SHA-256. */
const HASH_BYTES = 16;

/** An address that has failed in this many succeeded runs is not tried again by the next ones. */
const MAX_FAILED_RUNS = 3;

/** What became of a run; undefined if it is not known any more. */
export type StatusOf = (runId: string) => StoredStatus | undefined;

/**
 * The addresses that a job has taken from another one (`only: new`), as hashes, in an SQLite file of the job. A run's
 * addresses are stored as pending before they are fetched. They count as taken once the run has succeeded, which the next
 * run sees by the run's row: whatever dies in between, no address is lost or taken twice.
 *
 * Addresses that failed are counted by the succeeded runs that could not fetch them: in a run that fails, the site may
 * be the reason. Those that have failed in three are left to runs that a person repeats.
 */
export class FetchedAddresses {
  readonly #file: string;
  readonly #runId: string;
  readonly #statusOf: StatusOf;
  readonly #isRetry: boolean;
  /** The addresses of this run that have failed in earlier ones, with the number of succeeded runs. */
  readonly #failed = new Map<string, number>();

  /**
   * @param file made when it is needed (mode 0600)
   * @param isRetry whether a person repeats a run: then addresses that were given up are tried again
   */
  constructor(file: string, runId: string, statusOf: StatusOf, isRetry = false) {
    this.#file = file;
    this.#runId = runId;
    this.#statusOf = statusOf;
    this.#isRetry = isRetry;
  }

  /**
   * Returns the addresses that no succeeded run has taken and no other run is fetching, and stores them as those of this
   * run.
   * @throws ScrapeError `output` when the file cannot be read or written
   */
  takeNew(urls: readonly string[]): string[] {
    return this.#change((db) => {
      this.#settle(db);
      return this.#choose(db, urls);
    });
  }

  /**
   * In how many succeeded runs an address of {@link takeNew} has failed: 0 if only in other ones; undefined if it has not
   * failed before.
   */
  getFailedRuns(url: string): number | undefined {
    return this.#failed.get(url);
  }

  /**
   * Leaves an address that could not be fetched to the next run.
   * @returns if no run will try it again, unless a person repeats one: in how many runs it has failed
   * @throws ScrapeError as {@link takeNew}
   */
  release(url: string): number | undefined {
    const runs = (this.#failed.get(url) ?? 0) + 1;
    this.#change((db) =>
      db
        .prepare('INSERT OR IGNORE INTO released (run, address) VALUES (?, ?)')
        .run([this.#runId, hashUrl(url)]),
    );
    return runs < MAX_FAILED_RUNS ? undefined : runs;
  }

  /**
   * Takes addresses that an earlier attempt of this run has released, because this attempt fetches them again.
   * @throws ScrapeError as {@link takeNew}
   */
  retake(urls: readonly string[]): void {
    this.#change((db) => {
      if (db.prepare('SELECT 1 FROM released WHERE run = ?').get([this.#runId]) === undefined) return;
      const remove = db.prepare('DELETE FROM released WHERE run = ? AND address = ?');
      for (const url of urls) remove.run([this.#runId, hashUrl(url)]);
    });
  }

  #change<T>(work: (db: Libsql.Database) => T): T {
    let db: Libsql.Database | undefined;
    try {
      db = openPrivateFile(this.#file);
      db.exec(`PRAGMA busy_timeout = ${BUSY_WAIT_MS}; PRAGMA synchronous = FULL; BEGIN IMMEDIATE`);
      const { user_version: version } = db.prepare('PRAGMA user_version').get([]) as { user_version: number };
      if (version > VERSION) throw newerVersionError(this.#file);
      db.exec(`${SCHEMA}; PRAGMA user_version = ${VERSION}`);
      const result = work(db);
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db?.inTransaction) db.exec('ROLLBACK');
      throw toFileError(this.#file, error);
    } finally {
      db?.close();
    }
  }

  /** Takes over the addresses of runs that have succeeded, and drops those of runs that have failed or are unknown. */
  #settle(db: Libsql.Database): void {
    const runs = db.prepare('SELECT DISTINCT run FROM pending').all([]) as { run: string }[];
    for (const { run } of runs) {
      const status = run === this.#runId ? undefined : this.#statusOf(run);
      if (status !== undefined && isActive(status)) continue;
      const isDone = status === 'succeeded';
      if (isDone) {
        db.prepare(`INSERT OR IGNORE INTO taken ${FETCHED}`).run([run]);
        db.prepare(`DELETE FROM failed WHERE address IN (${FETCHED})`).run([run]);
      }
      db.prepare(
        'INSERT INTO failed (address, runs) SELECT address, ?2 FROM released WHERE run = ?1 ON CONFLICT (address) DO UPDATE SET runs = runs + excluded.runs',
      ).run([run, isDone ? 1 : 0]);
      db.prepare('DELETE FROM pending WHERE run = ?').run([run]);
      db.prepare('DELETE FROM released WHERE run = ?').run([run]);
    }
  }

  #choose(db: Libsql.Database, urls: readonly string[]): string[] {
    // Those that are still pending belong to runs that are active (overlap: allow).
    const find = db.prepare(
      'SELECT 1 FROM taken WHERE address = ?1 UNION ALL SELECT 1 FROM pending WHERE address = ?1 AND run <> ?2',
    );
    const findFailed = db.prepare('SELECT runs FROM failed WHERE address = ?');
    const add = db.prepare('INSERT OR IGNORE INTO pending (run, address) VALUES (?, ?)');
    return urls.filter((url) => {
      const address = hashUrl(url);
      if (find.get([address, this.#runId]) !== undefined) return false;
      const failed = findFailed.get([address]) as { runs: number } | undefined;
      if (failed !== undefined && failed.runs >= MAX_FAILED_RUNS && !this.#isRetry) return false;
      if (failed !== undefined) this.#failed.set(url, failed.runs);
      add.run([this.#runId, address]);
      return true;
    });
  }
}

/** The addresses that a run has fetched. */
const FETCHED =
  'SELECT address FROM pending WHERE run = ?1 AND address NOT IN (SELECT address FROM released WHERE run = ?1)';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS taken (address BLOB PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pending (run TEXT NOT NULL, address BLOB NOT NULL, PRIMARY KEY (run, address)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS pending_addresses ON pending (address);
  CREATE TABLE IF NOT EXISTS failed (address BLOB PRIMARY KEY, runs INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS released (run TEXT NOT NULL, address BLOB NOT NULL, PRIMARY KEY (run, address)) WITHOUT ROWID`;

function hashUrl(url: string): Buffer {
  return hash('sha256', url, 'buffer').subarray(0, HASH_BYTES);
}

function newerVersionError(file: string): ScrapeError {
  return new ScrapeError('output', `${file} was written by a newer version of this program`, {
    hint: 'Use that version.',
  });
}

function toFileError(file: string, error: unknown): unknown {
  const code = sqlCode(error) ?? '';
  if (error instanceof ScrapeError || code === '') return error;
  const isDamaged = code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB';
  return new ScrapeError(
    'output',
    `the addresses that the job has fetched so far cannot be used: ${file}: ${(error as Error).message}`,
    {
      hint: isDamaged
        ? 'The file is damaged. Without it all addresses count as new: move it away.'
        : 'Check the permissions of the folder, and the disk.',
      cause: error,
    },
  );
}
