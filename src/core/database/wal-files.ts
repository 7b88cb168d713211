import { statSync } from 'node:fs';
import type Libsql from 'libsql';
import { waitForRemoval } from '../fs/home-folder.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { fileExists } from './connection.ts';
import { isHalfReplaced } from './recovery/replace-damaged.ts';
import { notifyDetached } from './sql-errors.ts';

const ENDINGS = ['-wal', '-shm'] as const;
type Ending = (typeof ENDINGS)[number];

/**
 * The WAL (`-wal`) of an open database and its index (`-shm`). Commits are written to them before they reach the
 * database. If they were deleted or replaced, the connection works in files that no other process sees.
 */
export class WalFiles {
  readonly #file: string;
  /** The identities (`dev:ino`) of the open files. */
  #identities: Partial<Record<Ending, string>> = {};
  #cutOff: QuickscrapeError | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Set permanently once the files were lost. */
  get detachedError(): QuickscrapeError | undefined {
    return this.#cutOff;
  }

  /** @throws QuickscrapeError `store_unavailable` once the files were lost */
  refuseDetached(): void {
    if (this.#cutOff) throw this.#cutOff;
  }

  /**
   * Records the identities of the files. Call it after the connection's first read, because SQLite creates them then.
   */
  opened(isReadOnly: boolean): void {
    this.#identities = {};
    if (isReadOnly) return;
    for (const ending of ENDINGS) {
      const identity = identityOf(this.#file + ending);
      if (identity !== undefined && identity !== GONE) this.#identities[ending] = identity;
    }
  }

  /**
   * Whether the files have just been lost. If so, their committed content is saved where that is safe, and the
   * connection is abandoned; it must not be used any more.
   * @param isDatabaseCurrent whether the database file itself is still the one that is open; throws when the system
   *   cannot determine it
   */
  areLost(connection: Libsql.Database, isDatabaseCurrent: () => boolean): boolean {
    const lost = this.#lost();
    if (lost === undefined) return false;
    // When the database itself is removed or replaced, these files go first. Wait up to a second for that.
    waitForRemoval(lost);
    // If the disk gives no answer, the next check decides.
    if (trueIfUnknown(() => isHalfReplaced(this.#file) || !isDatabaseCurrent())) return false;
    this.#cutOff = createDetachedError(lost, saveLostWal(this.#file, connection));
    abandon(connection, this.#cutOff);
    return true;
  }

  #lost(): string | undefined {
    const ending = ENDINGS.find((each) => {
      const before = this.#identities[each];
      const now = before === undefined ? undefined : identityOf(this.#file + each);
      return now !== undefined && now !== before;
    });
    return ending === undefined ? undefined : this.#file + ending;
  }
}

/** Returns the result of `ask`; true if it throws. */
function trueIfUnknown(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return true;
  }
}

const GONE = 'gone';

/** `undefined` when the system cannot determine it. */
function identityOf(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? GONE : `${stat.dev}:${stat.ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Writes what a connection has committed into a deleted WAL to the database, if no other WAL exists. With a WAL that
 * other processes have created since, this would damage the database.
 * @returns whether all of it is in the database now
 */
function saveLostWal(file: string, connection: Libsql.Database): boolean {
  // If the disk gives no answer, a WAL may exist.
  if (trueIfUnknown(() => fileExists(`${file}-wal`))) return false;
  try {
    const [done] = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)').all([]) as {
      busy: number;
      log: number;
      checkpointed: number;
    }[];
    return done !== undefined && done.busy === 0 && done.log === done.checkpointed;
  } catch {
    return false;
  }
}

/** Creates the error for callers that still use a database whose WAL files were lost. */
function createDetachedError(lost: string, isSaved: boolean): QuickscrapeError {
  const saved = isSaved
    ? 'All that was committed is in the database.'
    : 'The last commits of this process may be missing from the database.';
  return new QuickscrapeError(
    'store_unavailable',
    `${lost} was deleted or replaced while this process had the database open. Others do not see what it writes, so it stops.`,
    { hint: `Start it again. ${saved} Leave the files beside the database alone while anything uses it.` },
  );
}

const abandoned: Libsql.Database[] = [];

/**
 * Abandons a detached connection without closing it. Closing would checkpoint its WAL over the commits of other
 * processes, and remove their WAL. The process exits without closing it either.
 */
function abandon(connection: Libsql.Database, error: QuickscrapeError): void {
  abandoned.push(connection);
  // First, because a listener that ends the process may still have something to report.
  notifyDetached(error);
  // Node closes open connections when it exits by itself, but not after `process.exit`.
  if (abandoned.length === 1) process.once('exit', (code) => process.exit(code));
}
