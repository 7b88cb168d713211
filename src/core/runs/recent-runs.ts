import type { QuickscrapeDatabase } from '../database/database.ts';
import {
  type RunRecord,
  type RunStatus,
  type StoredStatus,
  type Trigger,
  toRunStatus,
} from '../model/run-record.ts';

/** The part of a run that a list of jobs shows; instants in epoch milliseconds. */
export interface RunSummary {
  readonly runId: string;
  readonly status: RunStatus;
  readonly trigger: Trigger;
  readonly requestedBy: string;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly items: number;
  /** The kind of its error, for programs; `null` when it has none. */
  readonly errorKind: string | null;
}

const FIELDS = `run_id || char(9) || status || char(9) || trigger || char(9) || requested_by || char(9) || queued_at
  || char(9) || coalesce(started_at, '') || char(9) || coalesce(finished_at, '') || char(9) || items
  || char(9) || coalesce(error_kind, '')`;

/**
 * The last runs of one job, newest first. They stay one unparsed text until they are iterated: a list of 10,000 jobs
 * shows the history of forty.
 */
export class RecentRuns {
  /** One line per run; differs whenever anything in the runs differs. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Newest first; parses only as many runs as the caller takes. */
  *[Symbol.iterator](): Generator<RunSummary> {
    for (let start = 0; start < this.text.length; ) {
      const found = this.text.indexOf('\n', start);
      const end = found < 0 ? this.text.length : found;
      yield readLine(this.text.slice(start, end));
      start = end + 1;
    }
  }
}

/**
 * Reads the last `each` runs of all jobs in the database, or of these ids, in one query; jobs without runs are left
 * out. It uses one index lookup per job. A window function takes twice as long, because it also reads the runs beyond
 * `each`.
 * @throws QuickscrapeError `store_unavailable`
 */
export function readRecentRuns(
  db: QuickscrapeDatabase,
  each: number,
  jobIds?: readonly string[],
): Map<string, RecentRuns> {
  const jobs = jobIds === undefined ? 'job_state' : '(SELECT value AS job_id FROM json_each(?))';
  const rows = db.all<{ id: string; runs: string | null }>(
    `SELECT job.job_id AS id, (
       SELECT group_concat(line, char(10)) FROM (
         SELECT ${FIELDS} AS line FROM runs WHERE job_id = job.job_id
         ORDER BY queued_at DESC, coalesce(scheduled_for, queued_at) DESC, run_id DESC LIMIT ?)) AS runs
     FROM ${jobs} AS job`,
    jobIds === undefined ? [each] : [each, JSON.stringify(jobIds)],
  );
  return new Map(rows.flatMap(({ id, runs }) => (runs === null ? [] : [[id, new RecentRuns(runs)]])));
}

function readLine(line: string): RunSummary {
  const [runId = '', status, trigger, requestedBy = '', queuedAt, startedAt, finishedAt, items, errorKind] =
    line.split('\t');
  return {
    runId,
    status: toRunStatus(status as StoredStatus),
    trigger: trigger as Trigger,
    requestedBy,
    queuedAt: Number(queuedAt),
    startedAt: startedAt ? Number(startedAt) : null,
    finishedAt: finishedAt ? Number(finishedAt) : null,
    items: Number(items),
    errorKind: errorKind || null,
  };
}

/** Converts a full record to a {@link RunSummary}. */
export function toRunSummary(run: RunRecord): RunSummary {
  const { runId, trigger, requestedBy, queuedAt, startedAt, finishedAt, items, error } = run;
  return {
    runId,
    trigger,
    requestedBy,
    queuedAt,
    startedAt,
    finishedAt,
    items,
    status: toRunStatus(run.status),
    errorKind: error?.kind ?? null,
  };
}
