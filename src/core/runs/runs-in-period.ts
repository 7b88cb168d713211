import type { QuickscrapeDatabase } from '../database/database.ts';
import { DAY_MS } from '../lib/clock.ts';
import { type RunStatus, type StoredStatus, type Trigger, toRunStatus } from '../model/run-record.ts';

/** The fields of a run that a timeline shows; instants in epoch milliseconds. */
export interface TimelineRun {
  runId: string;
  jobId: string;
  status: RunStatus;
  trigger: Trigger;
  /** When it started; for a run that did not start, when it was due. */
  begin: number;
  /** When it ended; `begin` for a run that did not start, `null` while it is active. */
  end: number | null;
  items: number;
}

/** A period `[from, until)` in epoch milliseconds. */
export interface Period {
  from: number;
  until: number;
}

/** The most runs that are returned: no user inspects more one by one. */
const MAX_RUNS = 50_000;

/**
 * The longest possible attempt (`timeout`). Runs that were queued longer than this before the period are not searched.
 */
const MAX_RUN_MS = 31 * DAY_MS;

const BEGIN = 'coalesce(started_at, scheduled_for, queued_at)';

interface TimelineRow {
  run_id: string;
  job_id: string;
  status: string;
  trigger: string;
  started_at: number | null;
  finished_at: number | null;
  begins: number;
  items: number;
}

/** The runs of some jobs that overlap a period, by job, ordered by their begin. */
export function runsInPeriod(
  db: QuickscrapeDatabase,
  { from, until }: Period,
  jobIds: readonly string[],
): TimelineRun[] {
  const rows = db.all<TimelineRow>(
    `SELECT run_id, job_id, status, trigger, started_at, finished_at, items, ${BEGIN} AS begins FROM runs
     WHERE job_id IN (SELECT value FROM json_each(?)) AND queued_at >= ? AND ${BEGIN} < ?
       AND (${BEGIN} >= ? OR (started_at IS NOT NULL AND coalesce(finished_at, ?) >= ?))
     ORDER BY job_id, begins, run_id LIMIT ${MAX_RUNS}`,
    [JSON.stringify(jobIds), from - MAX_RUN_MS, until, from, from, from],
  );
  return rows.map((row) => ({
    runId: row.run_id,
    jobId: row.job_id,
    status: toRunStatus(row.status as StoredStatus),
    trigger: row.trigger as Trigger,
    begin: row.begins,
    end: endOf({ begin: row.begins, finished: row.finished_at }, row.started_at === null, row.status),
    items: row.items,
  }));
}

/** The fields of a run that figures are made of; instants as in {@link TimelineRun}. */
export type RunFigures = Pick<TimelineRun, 'jobId' | 'status' | 'begin' | 'end' | 'items'>;

/**
 * Reads the runs of all jobs that overlap a period, in no order. It pauses after each slice of some milliseconds.
 * @throws QuickscrapeError `store_unavailable`
 */
export function* readRunsInPeriod(
  db: QuickscrapeDatabase,
  { from, until }: Period,
  add: (run: RunFigures) => void,
): Generator<undefined, void> {
  yield* readInSlices(db, 'runs', ({ after, upTo }) => {
    const row = db.get<{ runs: string | null }>(
      // One text: an object for each row would take five times as long.
      `SELECT group_concat(job_id || char(9) || status || char(9) || ${BEGIN} || char(9) || coalesce(finished_at, '')
         || char(9) || items || char(9) || (started_at IS NULL), char(10)) AS runs FROM runs
       WHERE rowid > :after AND rowid <= :upTo AND ${BEGIN} < :until
         AND (${BEGIN} >= :from OR (started_at IS NOT NULL AND coalesce(finished_at, :from) >= :from))`,
      { from, until, after, upTo },
    );
    for (const line of row?.runs?.split('\n') ?? []) {
      const [jobId = '', status = '', begins, finished = '', items, isUnstarted] = line.split('\t');
      const begin = Number(begins);
      add({
        jobId,
        status: toRunStatus(status as StoredStatus),
        begin,
        end: endOf(
          { begin, finished: finished === '' ? null : Number(finished) },
          isUnstarted === '1',
          status,
        ),
        items: Number(items),
      });
    }
  });
}

/** `begin` for a run that did not start, `null` while it is active. */
function endOf(
  { begin, finished }: { begin: number; finished: number | null },
  isUnstarted: boolean,
  status: string,
): number | null {
  return isUnstarted && status !== 'queued' ? begin : finished;
}

/** A slice that takes longer (ms) is followed by a smaller one: keys are handled between slices. */
const SLICE_MS = 6;
const FIRST_ROWS = 2_000;
const MIN_ROWS = 250;
const MAX_ROWS = 64_000;

/** Rows of a table by their `rowid`: those after the first number, up to and with the second. */
export interface RowRange {
  after: number;
  upTo: number;
}

/**
 * Reads a whole table in ranges of rows, and pauses after each. A filter on a column without an index costs one pass in
 * this way, and what inserts rows keeps no further index up to date.
 * @param read reads a range and uses what it found; its time decides how large the next one is
 */
export function* readInSlices(
  db: QuickscrapeDatabase,
  table: 'runs' | 'attempts',
  read: (range: RowRange) => void,
): Generator<undefined, void> {
  const ends = db.get<{ first: number | null; last: number | null }>(
    `SELECT (SELECT min(rowid) FROM ${table}) AS first, (SELECT max(rowid) FROM ${table}) AS last`,
  );
  const last = ends?.last ?? 0;
  let rows = FIRST_ROWS;
  for (let after = (ends?.first ?? 1) - 1; after < last; ) {
    const upTo = Math.min(last, after + rows);
    const began = performance.now();
    read({ after, upTo });
    const elapsed = performance.now() - began;
    if (elapsed > SLICE_MS) rows = Math.max(MIN_ROWS, rows >> 1);
    else if (elapsed < SLICE_MS / 2) rows = Math.min(MAX_ROWS, rows * 2);
    after = upTo;
    yield;
  }
}
