import { meaningOf } from '../home/job-states.ts';
import { shortError } from '../jobs/cells.ts';
import { BLANK, labelledText, wrapped } from '../look-row.ts';
import type { DetailSection } from './detail-rows.ts';

/** Why a file cannot be used, as a whole: where it is wrong, what is allowed, what to do about it. */
export const unusableRows: DetailSection = ({ row, detail: { failure }, columns }) => {
  const { error, state } = row;
  if (error === null) return [];
  const short = shortError(row);
  const folder = error.slice(0, error.length - short.length);
  return [
    ...wrapped(short, columns, 'bad'),
    BLANK,
    ...wrapped('E opens the file in your editor.', columns),
    ...wrapped(failure?.hint ?? meaningOf(state), columns),
    ...(folder === '' ? [] : [BLANK, ...labelledText('Folder', folder, columns)]),
  ];
};
