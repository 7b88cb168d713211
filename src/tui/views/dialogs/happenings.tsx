import { happeningRows } from '../../happenings/happenings-dialog.ts';
import { authorWords } from '../../home/author-words.ts';
import type { Happening } from '../../home/home-data.ts';
import type { TextSpan } from '../../look-row.ts';
import { cleanLine } from '../../text/clean.ts';
import { cellsOf, fitTo } from '../../text/fit.ts';
import { HistoryList } from '../parts/history-list.tsx';
import type { DialogProps } from './dialog-props.ts';

const MOST_ID_CELLS = 28;
const BY_CELLS = 14;
/** Below this width who it was stands behind what it was. */
const NARROW = 50;

export function HappeningsDialog({ state, dialog, body }: DialogProps<'happenings'>) {
  const rows = happeningRows(state);
  const head =
    rows.length === 0 ? 'Nothing has happened yet.' : `${dialog.index + 1} of ${rows.length}, newest first`;
  return (
    <HistoryList
      {...{ state, body, head, rows, spansOf }}
      title="What has happened"
      index={dialog.index}
      columns={110}
    />
  );
}

function spansOf(shown: readonly Happening[], cells: number): (row: Happening) => readonly TextSpan[] {
  const most = Math.min(MOST_ID_CELLS, Math.floor(cells * 0.45));
  const idCells = Math.min(most, Math.max(...shown.map(({ jobId }) => cellsOf(nameOf(jobId))), 4));
  const byCells = cells < NARROW ? 0 : BY_CELLS;
  const room = Math.max(0, cells - idCells - 2 - byCells);
  return (row) => [
    { text: `${fitTo(cleanLine(nameOf(row.jobId)), idCells)}  `, look: 'plain' },
    { text: fitTo(cleanLine(byCells > 0 ? row.text : withAuthor(row)), room), look: row.tone },
    { text: fitTo(authorWords(row.by), byCells, 'right'), look: 'faint' },
  ];
}

function withAuthor({ text, by }: Happening): string {
  const author = authorWords(by);
  return author === '' ? text : `${text} (${author})`;
}

function nameOf(jobId: string | null): string {
  return jobId ?? 'scheduler';
}
