import { pluralize } from '../../../core/lib/text.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { inputToList } from '../../kernel/history-list.tsx';
import type { State, Step } from '../../kernel/model.ts';
import { closeView, openDialog, step } from '../../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine } from '../../ui/components/overlay.tsx';
import { Spans, Text, useTheme } from '../../ui/components/text.tsx';
import { formatDateTime } from '../../ui/format.ts';
import { overlayRows, scrollIntoView } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { comparableRuns, describeLeftOut, listedRunIds } from './comparable-runs.ts';
import type { ComparedRuns } from './model.ts';
import { openItems } from './reducer.ts';

/** Two runs of a job to compare: the later one with the earlier one. */
export function inOrder({ runs: { runs = [] } }: State, one: RunOutput, other: RunOutput): ComparedRuns {
  const [later, earlier] = runs.indexOf(one) < runs.indexOf(other) ? [one, other] : [other, one];
  return { jobId: later.job_id, runId: later.run_id, withRunId: earlier.run_id };
}

/**
 * Opens the list of runs, with the one that is compared now, or the one before, selected. Those whose items are gone leave
 * it as soon as that is known.
 */
export function openComparedRun(state: State): Step {
  const { slice, jobId, runId, withRunId } = state.items;
  const rows = comparableRuns(state);
  const now = rows.findIndex(({ run_id }) => run_id === (slice.joined?.withRunId ?? withRunId));
  const all = state.runs.runs ?? [];
  const shown = all.findIndex(({ run_id }) => run_id === runId);
  const before = rows.findIndex((run) => all.indexOf(run) > shown);
  const opened = openDialog(state, { kind: 'compared_run', index: now >= 0 ? now : Math.max(0, before) });
  return step(opened.state, { kind: 'find_gone_items', jobId, runId, runIds: listedRunIds(state) });
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
  const leftOut = describeLeftOut(state);
  const without = leftOut === '' ? 0 : 1;
  const height = Math.max(1, Math.min(rows.length, overlayRows(state) - without));
  const rect = centerRect(body, MAX_COLUMNS, height + 2 + without);
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
  if (leftOut !== '')
    lines.push({
      key: 'without',
      cells: inner,
      content: <Text style="faint">{fitTo(` ${leftOut}`, inner)}</Text>,
    });
  return <Overlay rect={rect} title={`Compare ${state.items.runId} with`} lines={lines} />;
}
