import type { Batch, BatchStep } from '../../batch/batch.ts';
import { isOver } from '../../batch/batch.ts';
import { batchOf } from '../../batch/batches.ts';
import { type ResultTable, resultTable, resultText } from '../../batch/results.ts';
import { overlaidRows } from '../../state/list-move.ts';
import { cleanLine } from '../../text/clean.ts';
import { fitTo } from '../../text/fit.ts';
import type { LookName } from '../../theme.ts';
import { middleOf, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { textLine } from '../parts/overlay-lines.tsx';
import { Text } from '../parts/text.tsx';
import type { DialogProps } from './dialog-props.ts';

const LOOKS: Record<BatchStep['outcome'], LookName> = {
  waiting: 'faint',
  asked: 'running',
  done: 'good',
  refused: 'bad',
};
const MOST_ID_CELLS = 32;
const OUTCOME_CELLS = 9;
const NO_TABLE: ResultTable = { rows: [], idCells: 0, textCells: 0 };

export function ResultsDialog({ state, dialog, body }: DialogProps<'results'>) {
  const batch = batchOf(state, dialog.batch);
  const { rows, ...widest } = batch === undefined ? NO_TABLE : resultTable(batch);
  const height = Math.min(rows.length, overlaidRows(state));
  const most = Math.min(MOST_ID_CELLS, Math.floor(body.columns * 0.4));
  const idCells = Math.min(most, widest.idCells);
  const rect = middleOf(body, Math.max(50, idCells + OUTCOME_CELLS + widest.textCells + 8), height + 3);
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
        look={LOOKS[row.outcome]}
      >{`${fitTo(row.outcome === 'asked' ? 'under way' : row.outcome, OUTCOME_CELLS)}  `}</Text>
      <Text>{fitTo(cleanLine(resultText(row)), rest)}</Text>
    </>
  );
}

function summary(batch: Batch, shown: number, count: number): string {
  const { done, refused } = batch;
  const words = [`${done} ${batch.past}`];
  if (refused > 0) words.push(`${refused} refused`);
  if (!isOver(batch)) words.push(`${count - done - refused} to go`);
  if (shown < count) words.push('more below');
  return words.join(', ');
}
