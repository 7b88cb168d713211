import type Libsql from 'libsql';
import { query } from './connection.ts';
import { type FactsHolder, readFact } from './facts.ts';

/** What happened to the database, as a fact in the one that took its place. */
export interface DatabaseLoss {
  /** Epoch milliseconds. */
  at: number;
  /** `made`: there was none; `restored`: a backup was put in its place; `damaged`: it could not be read. */
  kind: 'made' | 'restored' | 'damaged';
  /** The damaged file's new name. */
  keptAs?: string;
  /** Runs that could be carried over. */
  runs?: number;
  /** Runs that could not be read; `null` when nobody can tell how many there were. */
  unread?: number | null;
  /** Jobs whose state was taken over from their files, since the database did not know them. */
  jobs?: number;
}

const FACT = 'database_loss';
/** The kind of error of a run that a database which may be older than the truth showed as waiting. */
export const LOST = 'database_lost';

/** Notes a loss in the database; only the latest is kept. */
export function noteLoss(connection: Libsql.Database, loss: DatabaseLoss): void {
  connection
    .prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
    .run([FACT, JSON.stringify(loss)]);
}

/** The latest loss that this database knows of. A home's first database knows of its making. */
export function databaseLoss(db: Pick<FactsHolder, 'get'>): DatabaseLoss | undefined {
  const fact = readFact(db, FACT);
  if (fact === undefined) return undefined;
  try {
    return JSON.parse(fact) as DatabaseLoss;
  } catch {
    return undefined;
  }
}

/** Notes how many jobs had to be taken over from their files. */
export function noteTakenOver(
  db: { run(sql: string, params: readonly (string | number)[]): unknown },
  jobs: number,
): void {
  db.run(
    `UPDATE facts SET value = json_set(value, '$.jobs', coalesce(value ->> '$.jobs', 0) + ?) WHERE name = ?`,
    [jobs, FACT],
  );
}

/** The loss for people; `undefined` for one that cost nothing, such as the making of a new home's database. */
export function lossInWords(loss: DatabaseLoss, file: string): string | undefined {
  const when = new Date(loss.at).toISOString();
  if (loss.kind === 'made') {
    if (!loss.jobs) return undefined;
    return `${file} was missing and was made anew on ${when}: past runs are gone, ${loss.jobs} jobs were taken over from their files`;
  }
  if (loss.kind === 'restored')
    return `${file} was put back from a backup on ${when}: what may have run since is not started again`;
  const unread =
    loss.unread === null ? 'how many could not be read is unknown' : `${loss.unread} could not be read`;
  return `${file} was damaged on ${when}; it is kept as ${loss.keptAs}; ${loss.runs} runs were carried over, ${unread}`;
}

/**
 * Makes each job's file the second witness of what has been decided: nothing before now is started any more, and the
 * next look at a job compares (see hand-edits.ts). With `mayBeOlder`, waiting runs may have been carried out since.
 */
export function distrustState(
  connection: Libsql.Database,
  now: number,
  { mayBeOlder }: { mayBeOlder: boolean },
): void {
  query(connection, `UPDATE job_state SET definition_hash = '', watermark = max(watermark, ?) RETURNING 1`, [
    now,
  ]);
  if (!mayBeOlder) return;
  query(
    connection,
    `UPDATE runs SET status = 'abandoned', finished_at = ?, error_kind = '${LOST}',
       error_message = 'the database was lost, and nobody can tell whether this run was carried out'
     WHERE status IN ('queued', 'starting', 'waiting_retry') RETURNING 1`,
    [now],
  );
}
