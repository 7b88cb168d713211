import { pluralize } from '../../../core/lib/text.ts';
import { isActive } from '../../../core/model/run-record.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { inputToList } from '../../kernel/history-list.tsx';
import type { State, Step } from '../../kernel/model.ts';
import { closeView, openDialog } from '../../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine } from '../../ui/components/overlay.tsx';
import { Spans, Text, useTheme } from '../../ui/components/text.tsx';
import { formatDateTime } from '../../ui/format.ts';
import { overlayRows, scrollIntoView } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import type { ComparedRuns } from './model.ts';
import { openItems } from './reducer.ts';

/** The runs of the job with which the shown one can be compared, newest first: those that have items. */
export function comparableRuns(state: State): readonly RunOutput[] {
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
  return endedRuns(state).length === 0
    ? 'There is no other run of the job that has ended.'
    : 'No other run of the job has items.';
}

/** Two runs of a job to compare: the later one with the earlier one. */
export function inOrder({ runs: { runs = [] } }: State, one: RunOutput, other: RunOutput): ComparedRuns {
  const [later, earlier] = runs.indexOf(one) < runs.indexOf(other) ? [one, other] : [other, one];
  return { jobId: later.job_id, runId: later.run_id, withRunId: earlier.run_id };
}

/** Opens the list of runs, with the one that is compared now, or the one before, selected. */
export function openComparedRun(state: State): Step {
  const { slice, runId, withRunId } = state.items;
  const rows = comparableRuns(state);
  const now = rows.findIndex(({ run_id }) => run_id === (slice.joined?.withRunId ?? withRunId));
  const all = state.runs.runs ?? [];
  const shown = all.findIndex(({ run_id }) => run_id === runId);
  const before = rows.findIndex((run) => all.indexOf(run) > shown);
  return openDialog(state, { kind: 'compared_run', index: now >= 0 ? now : Math.max(0, before) });
}

/** Enter shows the two runs side by side. */
export const comparedRunRules: DialogRules<'compared_run'> = {
  onInput: (state, dialog, input) =>
    inputToList(state, dialog, input, { rows: comparableRuns(state), take: compareWith }),
};

function compareWith(state: State, other: RunOutput): Step {
  const shown = state.runs.runs?.find(({ run_id }) => run_id === state.items.runId);
  const { jobId, runId } = state.items;
  const runs = shown === undefined ? { jobId, runId, withRunId: other.run_id } : inOrder(state, shown, other);
  // The view of these items takes the place of the one before.
  return openItems(closeView(state).state, runs, 'changes');
}

const MAX_COLUMNS = 80;
const STATUS_CELLS = 12;

export function ComparedRunDialog({ state, dialog, body }: DialogProps<'compared_run'>) {
  const theme = useTheme();
  const rows = comparableRuns(state);
  const without = endedRuns(state).length - rows.length;
  const height = Math.max(1, Math.min(rows.length, overlayRows(state) - Math.sign(without)));
  const rect = centerRect(body, MAX_COLUMNS, height + 2 + Math.sign(without));
  const inner = rect.columns - 4;
  const times = rows.map(({ started_at }) =>
    started_at === null ? '' : formatDateTime(Date.parse(started_at), state.now, state.timezone),
  );
  const timeCells = Math.max(0, ...times.map((time) => time.length));
  const counts = rows.map(({ items }) => pluralize(items, 'item'));
  const countCells = Math.max(0, ...counts.map((count) => count.length));
  const top = scrollIntoView(dialog.index, 0, height, rows.length);
  const lines = rows.slice(top, top + height).map((run, at): OverlayLine => {
    const selected = top + at === dialog.index;
    const { word } = STATUS_DISPLAY[run.status];
    const when = fitTo(times[top + at] ?? '', timeCells);
    const count = fitTo(counts[top + at] ?? '', countCells, 'right');
    const pointer = selected ? theme.sign('pointer') : ' ';
    const text = `${pointer}${when}  ${fitTo(word, STATUS_CELLS)}${count}  ${run.run_id}`;
    const row = { spans: [{ text: fitTo(text, inner), style: 'plain' } as const], selected };
    return { key: run.run_id, cells: inner, content: <Spans row={row} /> };
  });
  if (without > 0) {
    const text = ` ${pluralize(without, 'run')} without items ${without === 1 ? 'is' : 'are'} left out.`;
    lines.push({ key: 'without', cells: inner, content: <Text style="faint">{fitTo(text, inner)}</Text> });
  }
  return <Overlay rect={rect} title={`Compare ${state.items.runId} with`} lines={lines} />;
}
