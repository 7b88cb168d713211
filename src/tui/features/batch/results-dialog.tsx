import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine, textLine } from '../../ui/components/overlay.tsx';
import { Text } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import { memoize } from '../../ui/memoize.ts';
import { clamp, listMove, overlayRows } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import type { Batch, BatchStep } from './model.ts';
import { findBatch, isFinished } from './reducer.ts';

/** The steps of a batch as listed, and the widths of the longest id and the longest text in cells. */
interface ResultTable {
  readonly rows: readonly BatchStep[];
  readonly idCells: number;
  readonly textCells: number;
}

/** Memoized for each state of a batch, because a batch may have thousands of steps. */
const resultTable = memoize((batch: Batch): ResultTable => {
  const rows = resultRows(batch);
  return {
    rows,
    idCells: widest(rows.map(({ jobId }) => jobId)),
    textCells: widest(rows.map(describeResult)),
  };
});

/** The steps, refused ones first. Each group stays in its order. */
function resultRows({ steps, refused: count }: Batch): readonly BatchStep[] {
  if (count === 0) return steps;
  const refused = steps.filter(({ outcome }) => outcome === 'refused');
  return [...refused, ...steps.filter(({ outcome }) => outcome !== 'refused')];
}

/** Describes the result of a step. */
function describeResult({ outcome, reason, note = '' }: BatchStep): string {
  return outcome === 'refused' ? reason : note;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((max, text) => Math.max(max, displayWidth(text)), 4);
}

/**
 * The list of results. Closing it does not stop the batch; `u` undoes the last change. While steps are unfinished, `q`
 * quits the dashboard, as it does without the list. Quitting asks for confirmation, so a user who meant to close the
 * list loses nothing.
 */
export const resultsRules: DialogRules<'results'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'q' && isRunning(findBatch(state, dialog.batch)))
      return { ...closeDialog(state), thenPerform: 'program.quit' };
    if (CLOSING.includes(key)) return closeDialog(state);
    if (key === 'u') return { ...closeDialog(state), thenPerform: 'jobs.undo' };
    const move = listMove(input);
    if (move === undefined) return step(state);
    const rows = findBatch(state, dialog.batch)?.steps.length ?? 0;
    const top = clamp(dialog.top + move, 0, Math.max(0, rows - overlayRows(state)));
    return step({ ...state, dialog: { ...dialog, top } });
  },
};

function isRunning(batch: Batch | undefined): boolean {
  return batch !== undefined && !isFinished(batch);
}

const CLOSING: readonly string[] = ['escape', 'enter', 'q'];

const OUTCOME_STYLES: Record<BatchStep['outcome'], StyleName> = {
  waiting: 'faint',
  asked: 'running',
  done: 'good',
  refused: 'bad',
};
const MAX_ID_CELLS = 32;
const OUTCOME_CELLS = 9;
const NO_TABLE: ResultTable = { rows: [], idCells: 0, textCells: 0 };

export function ResultsDialog({ state, dialog, body }: DialogProps<'results'>) {
  const batch = findBatch(state, dialog.batch);
  const { rows, ...widest } = batch === undefined ? NO_TABLE : resultTable(batch);
  const height = Math.min(rows.length, overlayRows(state));
  const max = Math.min(MAX_ID_CELLS, Math.floor(body.columns * 0.4));
  const idCells = Math.min(max, widest.idCells);
  const rect = centerRect(body, Math.max(50, idCells + OUTCOME_CELLS + widest.textCells + 8), height + 3);
  const inner = rect.columns - 4;
  const lines = rows.slice(dialog.top, dialog.top + height).map(
    (row, index): OverlayLine => ({
      key: `${row.jobId} ${index}`,
      cells: inner,
      content: <Row row={row} inner={inner} idCells={idCells} />,
    }),
  );
  const words = batch === undefined ? '' : summary(batch, dialog.top + height, rows.length);
  return (
    <Overlay
      rect={rect}
      title={batch?.title ?? ''}
      lines={[textLine('summary', words, 'heading', inner), ...lines]}
      scroll={{ top: dialog.top, height, count: rows.length }}
    />
  );
}

function Row({ row, inner, idCells }: { row: BatchStep; inner: number; idCells: number }) {
  const rest = Math.max(0, inner - idCells - OUTCOME_CELLS - 4);
  return (
    <>
      <Text>{`${fitTo(sanitizeText(row.jobId), idCells)}  `}</Text>
      <Text
        style={OUTCOME_STYLES[row.outcome]}
      >{`${fitTo(row.outcome === 'asked' ? 'pending' : row.outcome, OUTCOME_CELLS)}  `}</Text>
      <Text>{fitTo(sanitizeText(describeResult(row)), rest)}</Text>
    </>
  );
}

function summary(batch: Batch, shown: number, count: number): string {
  const { done, refused } = batch;
  const words = [`${done} ${batch.past}`];
  if (refused > 0) words.push(`${refused} refused`);
  if (!isFinished(batch)) words.push(`${count - done - refused} to go`);
  if (shown < count) words.push('more below');
  return words.join(', ');
}
