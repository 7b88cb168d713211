import type { Batch, BatchStep } from '../../batch/batch.ts';
import { isFinished } from '../../batch/batch.ts';
import { describeResult, type ResultTable, resultTable } from '../../batch/batch-results.ts';
import { findBatch } from '../../batch/batches.ts';
import { overlayRows } from '../../state/list-move.ts';
import { cleanLine } from '../../text/clean.ts';
import { fitTo } from '../../text/fit.ts';
import type { StyleName } from '../../theme.ts';
import { centerRect, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { textLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

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
    />
  );
}

function Row({ row, inner, idCells }: { row: BatchStep; inner: number; idCells: number }) {
  const rest = Math.max(0, inner - idCells - OUTCOME_CELLS - 4);
  return (
    <>
      <Text>{`${fitTo(cleanLine(row.jobId), idCells)}  `}</Text>
      <Text
        style={OUTCOME_STYLES[row.outcome]}
      >{`${fitTo(row.outcome === 'asked' ? 'under way' : row.outcome, OUTCOME_CELLS)}  `}</Text>
      <Text>{fitTo(cleanLine(describeResult(row)), rest)}</Text>
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
