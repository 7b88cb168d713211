import { describeStateMeaning } from '../home/job-states.ts';
import { shortenError } from '../jobs/job-cells.ts';
import { BLANK, labeledText, wrappedRows } from '../styled-row.ts';
import type { DetailSection } from './detail-rows.ts';

/** Why a file cannot be used, as a whole: where it is wrong, what is allowed, what to do about it. */
export const unusableRows: DetailSection = ({ row, detail: { failure }, columns }) => {
  const { error, state } = row;
  if (error === null) return [];
  const short = shortenError(row);
  const folder = error.slice(0, error.length - short.length);
  return [
    ...wrappedRows(short, columns, 'bad'),
    BLANK,
    ...wrappedRows('E opens the file in your editor.', columns),
    ...wrappedRows(failure?.hint ?? describeStateMeaning(state), columns),
    ...(folder === '' ? [] : [BLANK, ...labeledText('Folder', folder, columns)]),
  ];
};
