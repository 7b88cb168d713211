import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { openPrivateFile } from '../../core/database/connection.ts';
import { isBusy, sqlCode } from '../../core/database/sql-errors.ts';
import type { Digest } from '../../core/runs/item-hash-index.ts';
import { pause } from '../lib/pause.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { getFileFingerprint } from './export-options.ts';

/** How often a database that another run of the job holds is tried again, in milliseconds. */
const BUSY_PAUSE_MS = 100;
const VERSION = 1;

/**
 * The rows that a job has written so far (`output.only`), as hashes of their key and of what counts of them, in an SQLite
 * file of the job. A new version of the output is put in its place in this order, in which a death at any moment neither
 * loses nor doubles a row:
 *
 * 1. `choose` stores the new rows as pending.
 * 2. `placing` stores the fingerprints of the output as it is and as it will be.
 * 3. The caller replaces the output file.
 * 4. `placed` makes the pending rows known.
 *
 * Who opens the file next sees by the fingerprints whether step 3 was done, and then does step 4, or drops the pending
 * rows. The connection holds the file exclusively, so that of two runs of a job the second waits.
 */
export class KnownRows {
  readonly #db: Libsql.Database;
  readonly #file: string;

  private constructor(db: Libsql.Database, file: string) {
    this.#db = db;
    this.#file = file;
  }

  /**
   * Opens or creates the file (mode 0600), and finishes what an earlier run could not.
   * @throws ScrapeError `output`; `cancelled` while another run of the job holds the file
   */
  static async open(file: string, signal: AbortSignal): Promise<KnownRows> {
    const db = wrapErrors(file, () => openPrivateFile(file));
    try {
      for (;;) {
        try {
          lock(db);
          break;
        } catch (error) {
          if (!isBusy(error)) throw error;
          await pause(BUSY_PAUSE_MS, signal);
        }
      }
      const known = new KnownRows(db, file);
      known.#settle();
      return known;
    } catch (error) {
      release(db);
      throw toKnownError(file, error);
    }
  }

  /**
   * Stores which of the rows are to be written.
   * @param only `new`: rows whose key is not known; `changed`: also those that differ from the known row
   * @param choose calls its argument for each row, which returns whether it is written. Of several rows of one key, the
   *   first counts
   */
  async choose(
    only: 'new' | 'changed',
    choose: (isWanted: (key: Digest, whole: Digest) => boolean) => Promise<void>,
  ): Promise<void> {
    const find = this.#db.prepare('SELECT row FROM known WHERE key = ?');
    const add = this.#db.prepare('INSERT INTO pending (key, row) VALUES (?, ?)');
    const met = new Set<string>();
    const isWanted = (keyDigest: Digest, wholeDigest: Digest): boolean => {
      const [key, row] = [bytesOf(keyDigest), bytesOf(wholeDigest)];
      const name = key.toString('latin1');
      if (met.has(name)) return false;
      met.add(name);
      const known = find.get([key]) as { row: Uint8Array } | undefined;
      if (known !== undefined && (only === 'new' || row.equals(Buffer.from(known.row)))) return false;
      add.run([key, row]);
      return true;
    };
    try {
      this.#db.exec('BEGIN; DELETE FROM placing; DELETE FROM pending');
      await choose((key, whole) => wrapErrors(this.#file, () => isWanted(key, whole)));
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw toKnownError(this.#file, error);
    }
  }

  /**
   * Called right before the output is replaced.
   * @param before the fingerprint of the output as it is; `null` when there is none
   * @param after that of its new version
   */
  placing(output: string, before: string | null, after: string): void {
    wrapErrors(this.#file, () => {
      this.#db
        .prepare('INSERT OR REPLACE INTO placing (id, file, before, after) VALUES (1, ?, ?, ?)')
        .run([output, before, after]);
    });
  }

  /** Called once the output has been replaced. */
  placed(): void {
    wrapErrors(this.#file, () => {
      this.#db.exec(
        'BEGIN; INSERT OR REPLACE INTO known SELECT key, row FROM pending; DELETE FROM pending; DELETE FROM placing; COMMIT',
      );
    });
  }

  /** Lets the next run use the file. */
  close(): void {
    release(this.#db);
  }

  /** Makes the pending rows of a run that died known if they are in its output, and drops them if not. */
  #settle(): void {
    const placing = this.#db.prepare('SELECT file, before, after FROM placing').get([]) as
      | { file: string; before: string | null; after: string }
      | undefined;
    if (placing !== undefined && wasPlaced(placing)) this.placed();
    else this.#db.exec('BEGIN; DELETE FROM pending; DELETE FROM placing; COMMIT');
  }
}

/**
 * Whether a new version of an output has taken its place. A third version is most likely a changed new one:
 * between `placing` and the replacement there is next to no time.
 */
function wasPlaced({ file, before, after }: { file: string; before: string | null; after: string }): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  const now = stats === undefined ? null : getFileFingerprint(stats);
  if (now === after) return true;
  if (now === before) return false;
  // A disk that is not mounted shows nothing. Rows that are written twice can be found, lost ones cannot.
  return now !== null || statSync(dirname(file), { throwIfNoEntry: false }) !== undefined;
}

/** Takes the file for this connection alone, until it is closed or its process ends. */
function lock(db: Libsql.Database): void {
  db.exec('PRAGMA busy_timeout = 0');
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  db.exec('PRAGMA synchronous = FULL');
  db.exec('BEGIN EXCLUSIVE');
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get([]) as { user_version: number };
    if (version > VERSION) throw new NewerVersionError();
    db.exec(SCHEMA);
    db.exec(`PRAGMA user_version = ${VERSION}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * libsql closes a file only once its statements are collected as garbage, and the lock would stay until then: the next
 * access in the normal mode gives it up.
 */
function release(db: Libsql.Database): void {
  try {
    if (db.inTransaction) db.exec('ROLLBACK');
    db.exec('PRAGMA locking_mode = NORMAL');
    db.exec('SELECT 1 FROM sqlite_schema LIMIT 1');
  } catch {
    // The file was never locked, or it is damaged.
  } finally {
    db.close();
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS known (key BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pending (key BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS placing (
    id INTEGER PRIMARY KEY CHECK (id = 1), file TEXT NOT NULL, before TEXT, after TEXT NOT NULL
  );`;

class NewerVersionError extends Error {}

function bytesOf(digest: Digest): Buffer {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength);
}

function wrapErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toKnownError(file, error);
  }
}

/** Converts an error of SQLite into kind `output`. Errors of this program stay unchanged. */
function toKnownError(file: string, error: unknown): unknown {
  if (error instanceof NewerVersionError)
    return new ScrapeError('output', `${file} was written by a newer version of this program`, {
      hint: 'Use that version.',
    });
  const code = sqlCode(error) ?? '';
  if (code === '') return error;
  const message = `the rows that the job has written so far cannot be used: ${file}: ${(error as Error).message}`;
  return new ScrapeError('output', message, { hint: hintFor(code), cause: error });
}

function hintFor(code: string): string {
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB')
    return 'The file is damaged. Without it all rows count as new: move it away, and the output file too if rows must not be in it twice.';
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR'))
    return 'Free some space. The output is unchanged.';
  return 'Check the permissions of the folder, and the disk. The output is unchanged.';
}
