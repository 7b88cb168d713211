import { activityRows } from '../../activity/activity-rules.ts';
import { describeAuthor } from '../../home/describe-author.ts';
import type { ActivityEntry } from '../../home/home-data.ts';
import type { TextSpan } from '../../styled-row.ts';
import { cleanLine } from '../../text/clean.ts';
import { fitTo, textWidth } from '../../text/fit.ts';
import { HistoryList } from '../parts/history-list.tsx';
import type { DialogProps } from './dialog-props.ts';

const MAX_ID_CELLS = 28;
const BY_CELLS = 14;
/** Below this width who it was stands behind what it was. */
const NARROW = 50;

export function ActivityDialog({ state, dialog, body }: DialogProps<'activity'>) {
  const rows = activityRows(state);
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

function spansOf(
  shown: readonly ActivityEntry[],
  cells: number,
): (row: ActivityEntry) => readonly TextSpan[] {
  const max = Math.min(MAX_ID_CELLS, Math.floor(cells * 0.45));
  const idCells = Math.min(max, Math.max(...shown.map(({ jobId }) => textWidth(nameOf(jobId))), 4));
  const byCells = cells < NARROW ? 0 : BY_CELLS;
  const room = Math.max(0, cells - idCells - 2 - byCells);
  return (row) => [
    { text: `${fitTo(cleanLine(nameOf(row.jobId)), idCells)}  `, style: 'plain' },
    { text: fitTo(cleanLine(byCells > 0 ? row.text : withAuthor(row)), room), style: row.tone },
    { text: fitTo(describeAuthor(row.by), byCells, 'right'), style: 'faint' },
  ];
}

function withAuthor({ text, by }: ActivityEntry): string {
  const author = describeAuthor(by);
  return author === '' ? text : `${text} (${author})`;
}

function nameOf(jobId: string | null): string {
  return jobId ?? 'scheduler';
}
