import type Libsql from 'libsql';
import { DAY_MS } from '../../lib/clock.ts';
import { query } from '../connection.ts';
import { IS_ACTIVE, type MetadataStore, readMetadata } from '../schema.ts';

/** What happened to the previous database; stored in the one that replaced it. */
export interface DataLoss {
  /** Epoch milliseconds. */
  at: number;
  /**
   * `made`: there was no database; `restored`: a backup replaced it; `damaged`: it could not be read; `older`: it was
   * undamaged, but lacked runs that the journal of starts or the run folders contain.
   */
  kind: 'made' | 'restored' | 'damaged' | 'older';
  /** The damaged file's new name. */
  keptAs?: string;
  /** For `damaged`: where the replacement comes from. Without a source, it began as an empty database. */
  source?: ReplacementSource;
  /** The number of runs in that source. */
  runs?: number;
  /** The number of runs that were restored from the journal of starts. */
  rebuilt?: number;
  /** The number of run folders without a row, where the journal did not show the loss. */
  folders?: number;
  /** The number of job files with a later last run than the database had. */
  jobFiles?: number;
  /** The number of jobs whose state was recovered from their files, because the database lacked them. */
  jobs?: number;
}

/**
 * `snapshot`: the newest undamaged snapshot; `without_wal`: the database itself without its damaged WAL.
 * `at`: when the snapshot was taken, epoch milliseconds.
 */
export type ReplacementSource = { kind: 'snapshot'; at: number } | { kind: 'without_wal' };

const METADATA_KEY = 'database_loss';
/** The error kind of a waiting run in a database that may be outdated. */
export const DATABASE_LOST = 'database_lost';

/** Records a loss in the database, which stores only the latest one. */
export function recordDataLoss(connection: Libsql.Database, loss: DataLoss): void {
  connection
    .prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
    .run([METADATA_KEY, JSON.stringify(loss)]);
}

/** Returns the latest loss in this database. The first database of a home has an entry for its creation. */
export function readDataLoss(db: Pick<MetadataStore, 'get'>): DataLoss | undefined {
  const fact = readMetadata(db, METADATA_KEY);
  if (fact === undefined) return undefined;
  try {
    return JSON.parse(fact) as DataLoss;
  } catch {
    return undefined;
  }
}

/** A loss is reported for this long, in milliseconds, so that users who check once a month still see it. */
const REPORTED_MS = 31 * DAY_MS;

/**
 * Describes a recent loss: when (epoch ms), and a text for users; `undefined` when there was none.
 * @param file the name of the database in the text
 */
export function recentDataLoss(
  db: Pick<MetadataStore, 'get'>,
  file: string,
  now: number,
): { at: number; text: string } | undefined {
  const loss = readDataLoss(db);
  if (loss === undefined || now - loss.at > REPORTED_MS) return undefined;
  const text = describeDataLoss(loss, file);
  return text === undefined ? undefined : { at: loss.at, text };
}

/** Records how many jobs were recovered from their files. */
export function recordRecoveredJobs(
  db: { run(sql: string, params: readonly (string | number)[]): unknown },
  jobs: number,
): void {
  db.run(
    `UPDATE facts SET value = json_set(value, '$.jobs', coalesce(value ->> '$.jobs', 0) + ?) WHERE name = ?`,
    [jobs, METADATA_KEY],
  );
}

/** Describes a loss for users; `undefined` if nothing was lost, such as when a new home's database was created. */
export function describeDataLoss(loss: DataLoss, file: string): string | undefined {
  const when = new Date(loss.at).toISOString();
  const { rebuilt = 0, folders = 0, jobFiles = 0, jobs = 0 } = loss;
  const putBack = rebuilt > 0 ? `; ${countOf(rebuilt, 'run')} put back from starts.log` : '';
  const takenOver = jobs > 0 ? `; ${countOf(jobs, 'job')} taken over from their files` : '';
  switch (loss.kind) {
    case 'made':
      if (jobs === 0 && rebuilt === 0) return undefined;
      return `${file} was missing and was created again on ${when}: past runs are gone${rebuilt > 0 ? `, except ${countOf(rebuilt, 'run')} put back from starts.log` : ''}${takenOver}`;
    case 'restored':
      return `${file} was put back from a backup on ${when}: what may have run since is not started again${putBack}`;
    case 'older': {
      const shown = [
        ...(folders > 0 ? [`${countOf(folders, 'run folder')} without a row`] : []),
        ...(jobFiles > 0 ? [`a later last_run in ${countOf(jobFiles, 'job file')}`] : []),
      ];
      const what = shown.length > 0 ? ` (seen by ${shown.join(' and ')})` : '';
      return `${file} was found on ${when} to be older than the runs of this home${what}: an old copy was put back, or the newest changes (its -wal file) were lost. Nothing that was due before is started again${putBack}`;
    }
    case 'damaged':
      return `${file} was damaged on ${when}; it is kept as ${loss.keptAs}; ${describeReplacement(loss)}. Nothing that was due before is started again${putBack}${takenOver}`;
    default:
      return loss.kind satisfies never;
  }
}

function describeReplacement({ source, runs = 0 }: DataLoss): string {
  switch (source?.kind) {
    case 'snapshot':
      return `the snapshot of ${new Date(source.at).toISOString()} took its place, with ${countOf(runs, 'run')}: later changes to the history are gone`;
    case 'without_wal':
      return `the damage was in its WAL, and it goes on without it, with ${countOf(runs, 'run')}: the newest changes are gone`;
    case undefined:
      return 'there was no whole snapshot: past runs are gone';
    default:
      return source satisfies never;
  }
}

function countOf(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}

/**
 * Makes the database distrust its own state. No occurrence before now is started any more, and the next read of a job
 * compares its state with its file (see job-reader.ts). With `mayBeOlder`, unfinished runs may have finished since.
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
  // A running run may be finished by now, and a due alert may have been sent.
  query(
    connection,
    `UPDATE runs SET max_attempts = attempt WHERE ${IS_ACTIVE} AND status = 'running' RETURNING 1`,
  );
  query(connection, `UPDATE runs SET callback = 'lost' WHERE callback IN ('due', 'running') RETURNING 1`);
  query(
    connection,
    `UPDATE runs SET status = 'abandoned', finished_at = ?, error_kind = '${DATABASE_LOST}',
       error_message = 'the database was lost, and it is unknown whether this run took place'
     WHERE status IN ('queued', 'starting', 'waiting_retry') RETURNING 1`,
    [now],
  );
}
