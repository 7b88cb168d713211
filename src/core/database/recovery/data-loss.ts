import type Libsql from 'libsql';
import { query } from '../connection.ts';
import { type MetadataStore, readMetadata } from '../metadata.ts';
import { IS_ACTIVE } from '../schema.ts';

/** What happened to the database, as a fact in the one that took its place. */
export interface DataLoss {
  /** Epoch milliseconds. */
  at: number;
  /**
   * `made`: there was none; `restored`: a backup was put in its place; `damaged`: it could not be read; `older`: it was
   * whole, and lacked what the journal of starts or the folders of runs know.
   */
  kind: 'made' | 'restored' | 'damaged' | 'older';
  /** The damaged file's new name. */
  keptAs?: string;
  /** Of a damaged one: what took its place, an empty database where nothing is said. */
  source?: ReplacementSource;
  /** How many runs that had. */
  runs?: number;
  /** Runs that were put back from the journal of starts. */
  rebuilt?: number;
  /** Folders of runs that it knew nothing of, where the journal did not tell. */
  folders?: number;
  /** Files of jobs that told of a later run than it knew of. */
  jobFiles?: number;
  /** Jobs whose state was taken over from their files, since the database did not know them. */
  jobs?: number;
}

/**
 * `snapshot`: the newest whole one; `without_wal`: the database itself without its WAL, which was damaged.
 * `at`: when it was taken, epoch milliseconds.
 */
export type ReplacementSource = { kind: 'snapshot'; at: number } | { kind: 'without_wal' };

const METADATA_KEY = 'database_loss';
/** The kind of error of a run that a database which may be older than the truth showed as waiting. */
export const DATABASE_LOST = 'database_lost';

/** Notes a loss in the database; only the latest is kept. */
export function recordDataLoss(connection: Libsql.Database, loss: DataLoss): void {
  connection
    .prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
    .run([METADATA_KEY, JSON.stringify(loss)]);
}

/** The latest loss that this database knows of. A home's first database knows of its making. */
export function readDataLoss(db: Pick<MetadataStore, 'get'>): DataLoss | undefined {
  const fact = readMetadata(db, METADATA_KEY);
  if (fact === undefined) return undefined;
  try {
    return JSON.parse(fact) as DataLoss;
  } catch {
    return undefined;
  }
}

/** So long is it told that the database lost something: who looks once a month still hears of it, in milliseconds. */
const REPORTED_MS = 31 * 86_400_000;

/**
 * What was lost of a database lately: when (epoch ms), and what in words; `undefined` when nothing was.
 * @param file the database, as it is to be named
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

/** Notes how many jobs had to be taken over from their files. */
export function recordRecoveredJobs(
  db: { run(sql: string, params: readonly (string | number)[]): unknown },
  jobs: number,
): void {
  db.run(
    `UPDATE facts SET value = json_set(value, '$.jobs', coalesce(value ->> '$.jobs', 0) + ?) WHERE name = ?`,
    [jobs, METADATA_KEY],
  );
}

/** The loss for people; `undefined` for one that cost nothing, such as the making of a new home's database. */
export function describeDataLoss(loss: DataLoss, file: string): string | undefined {
  const when = new Date(loss.at).toISOString();
  const { rebuilt = 0, folders = 0, jobFiles = 0, jobs = 0 } = loss;
  const putBack = rebuilt > 0 ? `; ${countOf(rebuilt, 'run')} put back from starts.log` : '';
  const takenOver = jobs > 0 ? `; ${countOf(jobs, 'job')} taken over from their files` : '';
  switch (loss.kind) {
    case 'made':
      if (jobs === 0 && rebuilt === 0) return undefined;
      return `${file} was missing and was made anew on ${when}: past runs are gone${rebuilt > 0 ? `, except ${countOf(rebuilt, 'run')} put back from starts.log` : ''}${takenOver}`;
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
 * Makes each job's file the second witness of what has been decided: nothing before now is started any more, and the
 * next look at a job compares (see job-reader.ts). With `mayBeOlder`, runs that are not over may have been carried out since.
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
  // What is under way there may be over by now, and an alert that is due may have been made.
  query(
    connection,
    `UPDATE runs SET max_attempts = attempt WHERE ${IS_ACTIVE} AND status = 'running' RETURNING 1`,
  );
  query(connection, `UPDATE runs SET callback = 'lost' WHERE callback IN ('due', 'running') RETURNING 1`);
  query(
    connection,
    `UPDATE runs SET status = 'abandoned', finished_at = ?, error_kind = '${DATABASE_LOST}',
       error_message = 'the database was lost, and nobody can tell whether this run was carried out'
     WHERE status IN ('queued', 'starting', 'waiting_retry') RETURNING 1`,
    [now],
  );
}
