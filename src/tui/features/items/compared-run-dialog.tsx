import { displayWidth } from '../../../core/lib/display-width.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import { inputToList } from '../../kernel/history-list.tsx';
import type { DialogOf, State, Step } from '../../kernel/model.ts';
import { closeView, openDialog, step } from '../../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine, rowInBox, textLine } from '../../ui/components/overlay.tsx';
import { Spans, useTheme } from '../../ui/components/text.tsx';
import { formatDateTime } from '../../ui/format.ts';
import type { Rect } from '../../ui/layout.ts';
import { overlayRows, scrollIntoView } from '../../ui/scroll.ts';
import { styledRow, type TextSpan } from '../../ui/styled-row.ts';
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
  rowAt: (state, dialog, click, body) => rowInBox(comparedRunBox(state, dialog, body), click),
};

function compareWith(state: State, other: RunOutput): Step {
  const shown = state.runs.runs?.find(({ run_id }) => run_id === state.items.runId);
  const { jobId, runId } = state.items;
  const runs = shown === undefined ? { jobId, runId, withRunId: other.run_id } : inOrder(state, shown, other);
  // The view of these items takes the place of the one before.
  return openItems(closeView(state).state, runs, 'changes');
}

/** The frame, and a blank on each side of it. */
const FRAME_CELLS = 4;
const GAP = '  ';

/** The list with the `texts` of its rows and the `cells` of their columns, and below it a note if there is one. */
function comparedRunBox(state: State, { index }: DialogOf<'compared_run'>, body: Rect) {
  const rows = comparableRuns(state);
  const leftOut = describeLeftOut(state);
  const noteRows = leftOut !== '' || rows.length > overlayRows(state) ? 1 : 0;
  const height = Math.max(1, Math.min(rows.length, overlayRows(state) - noteRows));
  const top = scrollIntoView(index, 0, height, rows.length);
  const title = `Compare ${state.items.runId} with`;
  const texts = rows.map((run) => textsOf(run, state));
  const cells = COLUMNS.map(({ name }) => Math.max(0, ...texts.map((text) => displayWidth(text[name]))));
  const rowCells = cells.reduce((sum, width) => sum + width, 1 + GAP.length * (cells.length - 1));
  // The note is as wide as it can become, so that the box stays as it is while one moves in it.
  const widest = Math.max(rowCells, displayWidth(title) + 2, displayWidth(noteText(rows.length, leftOut)));
  const rect = centerRect(body, widest + FRAME_CELLS, height + 2 + noteRows);
  const note = noteRows === 0 ? undefined : noteText(rows.length - top - height, leftOut);
  return { rect, above: 0, top, height, count: rows.length, rows, title, note, texts, cells, rowCells };
}

/** A run a row, as wide as its texts need; the last line says what is not shown. */
export function ComparedRunDialog({ state, dialog, body }: DialogProps<'compared_run'>) {
  const { screenReader, sign } = useTheme();
  const box = comparedRunBox(state, dialog, body);
  const { rect, top, height, rows, title, note, texts, cells, rowCells } = box;
  const inner = rect.columns - FRAME_CELLS;
  const lines = rows.slice(top, top + height).map((run, at): OverlayLine => {
    const selected = top + at === dialog.index;
    const pointer = screenReader ? '' : selected ? sign('pointer') : ' ';
    const spans = COLUMNS.flatMap(({ name, align }, column): TextSpan[] => [
      { text: column === 0 ? '' : GAP, style: 'plain' },
      {
        text: fitTo(texts[top + at]?.[name] ?? '', cells[column] ?? 0, align),
        style: name === 'status' ? STATUS_DISPLAY[run.status].style : 'plain',
      },
    ]);
    const rest: TextSpan = { text: ' '.repeat(Math.max(0, inner - rowCells)), style: 'plain' };
    const row = styledRow(inner, { text: pointer, style: 'pointer' }, ...spans, rest);
    return { key: run.run_id, cells: inner, content: <Spans row={{ ...row, selected }} /> };
  });
  if (note !== undefined) lines.push(textLine('note', note, 'faint', inner));
  const scroll = { top, height, count: rows.length, index: dialog.index };
  return <Overlay rect={rect} title={title} lines={lines} scroll={scroll} />;
}

const COLUMNS = [
  { name: 'when', align: 'left' },
  { name: 'status', align: 'left' },
  { name: 'count', align: 'right' },
  { name: 'id', align: 'left' },
] as const;

type RunTexts = Record<(typeof COLUMNS)[number]['name'], string>;

function textsOf({ run_id, status, started_at, items }: RunOutput, { now, timezone }: State): RunTexts {
  const { icon, word } = STATUS_DISPLAY[status];
  return {
    when: started_at === null ? '' : formatDateTime(Date.parse(started_at), now, timezone),
    status: `${icon} ${word}`,
    count: pluralize(items, 'item'),
    id: run_id,
  };
}

/** `14 more below · 2 runs without items are left out.` */
function noteText(below: number, leftOut: string): string {
  const parts = [below > 0 ? `${below} more below` : '', leftOut].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` ${parts.join(' · ')}`;
}
