import { statSync } from 'node:fs';
import type Libsql from 'libsql';
import { waitForRemoval } from '../fs/wait-for-removal.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { fileExists } from './connection.ts';
import { notifyDetached } from './detached-listener.ts';
import { isHalfReplaced } from './recovery/replace-damaged.ts';

const ENDINGS = ['-wal', '-shm'] as const;
type Ending = (typeof ENDINGS)[number];

/**
 * The files beside a database that a connection has open: what is committed stands in them before it stands in the database.
 * Where they have been deleted or replaced, the connection works in files that nobody else sees.
 */
export class OpenSideFiles {
  readonly #file: string;
  /** Those that are open, as `dev:ino`. */
  #identities: Partial<Record<Ending, string>> = {};
  #cutOff: QuickscrapeError | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Set for good once they were lost. */
  get detachedError(): QuickscrapeError | undefined {
    return this.#cutOff;
  }

  /** @throws QuickscrapeError `store_unavailable` once they were lost */
  refuseDetached(): void {
    if (this.#cutOff) throw this.#cutOff;
  }

  /** Takes in which they are. Call it when the connection has read: SQLite makes them then. */
  opened(isReadOnly: boolean): void {
    this.#identities = {};
    if (isReadOnly) return;
    for (const ending of ENDINGS) {
      const identity = identityOf(this.#file + ending);
      if (identity !== undefined && identity !== GONE) this.#identities[ending] = identity;
    }
  }

  /**
   * Whether they were lost just now. Then the connection is given up, after what it has committed has been saved where that
   * does no harm; it must not be used any more.
   * @param isDatabaseCurrent whether the file of the database itself is still the one that is open; throws where the
   *   system does not say
   */
  areLost(connection: Libsql.Database, isDatabaseCurrent: () => boolean): boolean {
    const lost = this.#lost();
    if (lost === undefined) return false;
    // When the database itself goes or is replaced, these go first: that is waited for, a second at most.
    waitForRemoval(lost);
    // Where the disk does not say, that is for the next look to tell.
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

/** What `ask` says; true where the system does not say. */
export function trueIfUnknown(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return true;
  }
}

const GONE = 'gone';

/** `undefined` when the system does not say. */
function identityOf(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? GONE : `${stat.dev}:${stat.ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Brings into the database what a connection has committed into a WAL that has lost its name, as long as there is no other
 * WAL: over one that others have made since, it would be damage.
 * @returns whether all of it is in the database now
 */
function saveLostWal(file: string, connection: Libsql.Database): boolean {
  // Where the disk does not say, one may be there.
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

/** What everybody is told who goes on using a database whose files are not its own any more. */
function createDetachedError(lost: string, isSaved: boolean): QuickscrapeError {
  const saved = isSaved
    ? 'All that was committed is in the database.'
    : 'What this process committed last may be missing from the database.';
  return new QuickscrapeError(
    'store_unavailable',
    `${lost} was deleted or replaced while this process had the database open. Others do not see what it writes, so it stops.`,
    { hint: `Start it again. ${saved} Leave the files beside the database alone while anything uses it.` },
  );
}

const abandoned: Libsql.Database[] = [];

/**
 * Gives up a connection that is cut off without closing it: closing would bring its WAL into the database, over what others
 * have committed, and remove theirs. The process ends without closing it either.
 */
function abandon(connection: Libsql.Database, error: QuickscrapeError): void {
  abandoned.push(connection);
  // First: who ends the process here has something to say as it ends.
  notifyDetached(error);
  // Node closes what is open when it ends by itself, but not after `process.exit`.
  if (abandoned.length === 1) process.once('exit', (code) => process.exit(code));
}
