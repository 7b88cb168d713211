import type { JobRow } from '../../home/job-row.ts';
import type { Reducer, State, Subscription } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { computeLayout, type Rect } from '../../ui/layout.ts';
import { clamp } from '../../ui/scroll.ts';
import { type DetailParts, type JobDetail, NO_DETAIL } from './model.ts';
import { findRunningRun, progressSamples } from './run-sections.ts';
import { detailRows } from './sections.ts';

type Size = Pick<Rect, 'columns' | 'rows'>;

/** With fewer rows than this, blank rows are left out. */
const MIN_SPACED_ROWS = 16;

/** The detail of the selected job. It is empty while the stored detail belongs to another job. */
export function currentDetail({ detail }: State, jobId: string): JobDetail {
  return detail.jobId === jobId ? detail : { ...NO_DETAIL, jobId };
}

/** The rectangle of the detail; `undefined` while it is hidden. */
export function detailRect(state: State): Rect | undefined {
  return computeLayout(state, { hasSide: true, pane: state.pane }).side;
}

/** The input for the rows of the selected job. */
export function detailParts(state: State, row: JobRow, { columns, rows }: Size): DetailParts {
  const detail = currentDetail(state, row.id);
  const at = state.home?.readAt ?? state.now;
  const { now, timezone } = state;
  const samples = progressSamples(findRunningRun(row), detail, at);
  return { row, detail, samples, now, timezone, columns, dense: rows < MIN_SPACED_ROWS };
}

/** Scrolls the detail of a job, within its rows. */
export function scrollDetail(state: State, row: JobRow, by: number): State {
  const rect = detailRect(state);
  if (rect === undefined) return state;
  const detail = currentDetail(state, row.id);
  const max = Math.max(0, detailRows(detailParts(state, row, rect)).length - detailHeight(rect));
  const top = clamp(Math.min(detail.top, max) + by, 0, max);
  return top === detail.top ? state : { ...state, detail: { ...detail, top } };
}

/** The number of detail rows below its title. */
export function detailHeight({ rows }: Pick<Rect, 'rows'>): number {
  return Math.max(1, rows - 1);
}

/** Subscribes to the detail of a job. The subscription changes whenever the answer may have changed. */
export function detailSubscriptions(state: State, row: JobRow | undefined): readonly Subscription[] {
  if (row === undefined || detailRect(state) === undefined) return [];
  return [{ kind: 'job_detail', jobId: row.id, version: detailVersion(state, row) }];
}

/** A key that changes whenever the explanation may have changed. Mere countdowns do not change it. */
function detailVersion({ home }: State, row: JobRow): string {
  const { revision, nextRun, active, last, pausedAt, callbackFailure, error, hosts } = row;
  const scheduler = home?.scheduler;
  const runs = active.map(({ runId, status, attempt, cancelling }) => [runId, status, attempt, cancelling]);
  // `hosts` is included because a job without its configuration has none, and its runs fail.
  const ownRuns = [revision, nextRun, runs, last?.runId, pausedAt, callbackFailure?.at, error, hosts];
  return JSON.stringify([...ownRuns, scheduler?.state, scheduler?.pid, scheduler?.held, home?.settings]);
}

/** Records the detail of the selected job and the progress of its run. */
export const detailReducer: Reducer = (state, event) => {
  const row = state.jobs.table.rows[state.jobs.table.index];
  if (row === undefined) return step(state);
  if (event.kind === 'job_detail') {
    if (event.jobId !== row.id) return step(state);
    const before = currentDetail(state, row.id);
    const next =
      'data' in event ? { data: event.data, failure: null } : { data: null, failure: event.failure };
    return step({ ...state, detail: { ...before, ...next } });
  }
  const run = event.kind === 'home' ? findRunningRun(row) : undefined;
  if (run === undefined || event.kind !== 'home') return step(state);
  const before = currentDetail(state, row.id);
  const samples = progressSamples(run, before, event.data.readAt);
  return step({ ...state, detail: { ...before, runId: run.runId, samples } });
};
