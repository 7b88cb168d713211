import { labeledText, type StyledRow } from '../styled-row.ts';
import type { DetailSection } from './detail-rows.ts';

/** So many are shown; `job show` has them all. */
const MAX_WARNINGS = 4;

/** What the last run warned of, a line each. */
export const warningRows: DetailSection = ({ row, detail, columns }) => {
  const { run_id, warnings } = detail.data?.lastRun ?? { run_id: '', warnings: [] };
  if (run_id !== row.last?.runId || warnings.length === 0) return [];
  const shown = warnings.slice(0, MAX_WARNINGS);
  const more = warnings.length - shown.length;
  const line = (label: string, text: string, style: 'warning' | 'faint'): StyledRow[] =>
    labeledText(label, text, columns, { style, max: 1 });
  return [
    ...line('Warnings', `${warnings.length} in the last run`, 'faint'),
    ...shown.flatMap((text) => line('', text, 'warning')),
    ...(more === 0 ? [] : line('', `… and ${more} more: quickscrape job show ${row.id}`, 'faint')),
  ];
};
