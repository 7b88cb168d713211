import { layoutOf } from '../layout.ts';
import type { JobRow } from '../live/job-row.ts';
import { clamp, scrolledTo } from './scroll.ts';
import type { Slice } from './slice.ts';
import type { State } from './state.ts';
import { step } from './step.ts';
import type { ViewRules } from './view.ts';

/** The list of jobs: what is selected belongs to the job, not to the row. */
export interface JobsView {
  selected: string | undefined;
  /** Where the selected job is, or was when it was last seen. */
  index: number;
  top: number;
}

export const FIRST_JOBS_VIEW: JobsView = { selected: undefined, index: 0, top: 0 };

export const jobsRules: ViewRules = { title: () => 'Jobs', hasSide: true };

/** The jobs as they are listed. */
export function listedJobs(state: State): readonly JobRow[] {
  return state.home?.jobs ?? [];
}

export function selectedJob(state: State): JobRow | undefined {
  return listedJobs(state)[state.jobs.index];
}

/** Selects the job at a row; out of range is the first or last. */
export function selectRow(state: State, row: number): State {
  const jobs = listedJobs(state);
  const index = clamp(row, 0, Math.max(0, jobs.length - 1));
  const top = scrolledTo(index, state.jobs.top, jobsHeight(state), jobs.length);
  const selected = jobs[index]?.id;
  const { jobs: old } = state;
  if (old.selected === selected && old.index === index && old.top === top) return state;
  return { ...state, jobs: { selected, index, top } };
}

/** Rows of jobs that fit: the pane without its heading. */
export function jobsHeight(state: State): number {
  return Math.max(1, layoutOf(state, { hasSide: true, pane: state.pane }).main.rows - 1);
}

/** Follows the selected job to where it is now; when it is gone, what took its row is selected. */
export const jobsSlice: Slice = (state, event) => {
  if (event.kind === 'resize') return step(selectRow(state, state.jobs.index));
  if (event.kind !== 'home') return step(state);
  const found = listedJobs(state).findIndex(({ id }) => id === state.jobs.selected);
  return step(selectRow(state, found < 0 ? state.jobs.index : found));
};
