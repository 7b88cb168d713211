import type { JobRow } from '../home/job-row.ts';
import type { State } from '../state/state.ts';
import { hiddenMarks, targetRows } from './table-state.ts';

/** The jobs that an action is meant for: those that are marked and listed; without any, the selected one. */
export function targetJobs({ jobs: { table } }: State): readonly JobRow[] {
  return targetRows(table);
}

/** How many marked jobs the filter hides: no action touches them. */
export function hiddenTargets({ jobs: { table } }: State): number {
  return hiddenMarks(table);
}
