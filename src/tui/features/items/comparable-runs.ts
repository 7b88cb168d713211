import { pluralize } from '../../../core/lib/text.ts';
import { isActive } from '../../../core/model/run-record.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import type { State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import type { ItemsEvent } from './model.ts';

/** The runs of the job with which the shown one can be compared, newest first: those that have items. */
export function comparableRuns(state: State): readonly RunOutput[] {
  return runsWithItems(state).filter(({ run_id }) => state.items.gone?.has(run_id) !== true);
}

/** The runs of which is to be found out whether their items are kept. */
export function listedRunIds(state: State): string[] {
  return runsWithItems(state).map(({ run_id }) => run_id);
}

/** The other runs that counted items. Those may have been removed since. */
function runsWithItems(state: State): readonly RunOutput[] {
  return endedRuns(state).filter(({ items }) => items > 0);
}

/** The other runs of the job that have ended, newest first. */
function endedRuns({ items, runs: { jobId, runs = [] } }: State): readonly RunOutput[] {
  if (jobId !== items.jobId) return [];
  return runs.filter(
    ({ run_id, status, started_at }) => run_id !== items.runId && started_at !== null && !isActive(status),
  );
}

/** Why there is no run to compare with. */
export function whyNotComparable(state: State): string {
  if (endedRuns(state).length === 0) return 'There is no other run of the job that has ended.';
  return runsWithItems(state).length === 0
    ? 'No other run of the job has items.'
    : 'No other run of the job has its items any more.';
}

/** `400 runs whose items are gone and 2 runs without items are left out.`; empty if all are listed. */
export function describeLeftOut(state: State): string {
  const counted = runsWithItems(state).length;
  const gone = counted - comparableRuns(state).length;
  const without = endedRuns(state).length - counted;
  if (gone + without === 0) return '';
  const parts = [
    ...(gone === 0 ? [] : [`${pluralize(gone, 'run')} whose items are gone`]),
    ...(without === 0 ? [] : [`${pluralize(without, 'run')} without items`]),
  ];
  return `${parts.join(' and ')} ${gone + without === 1 ? 'is' : 'are'} left out.`;
}

/** Takes runs whose items are gone from the open list. The selected run stays selected, or an older one takes its place. */
export function takeGone(state: State, event: ItemsEvent): Step | undefined {
  if (event.kind !== 'gone') return undefined;
  const next = { ...state, items: { ...state.items, gone: new Set(event.runIds) } };
  const { dialog } = state;
  if (dialog?.kind !== 'compared_run') return step(next);
  const kept = comparableRuns(next);
  if (kept.length === 0) return step(withNotice(closeDialog(next).state, 'warning', whyNotComparable(next)));
  const before = comparableRuns(state).slice(0, dialog.index);
  const index = before.filter((run) => kept.includes(run)).length;
  return step({ ...next, dialog: { ...dialog, index: Math.min(index, kept.length - 1) } });
}
