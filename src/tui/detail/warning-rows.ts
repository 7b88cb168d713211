import { type LookRow, labelledText } from '../look-row.ts';
import type { DetailSection } from './detail-rows.ts';

/** So many are shown; `job show` has them all. */
const MOST_WARNINGS = 4;

/** What the last run warned of, a line each. */
export const warningRows: DetailSection = ({ row, detail, columns }) => {
  const { run_id, warnings } = detail.told?.lastRun ?? { run_id: '', warnings: [] };
  if (run_id !== row.last?.runId || warnings.length === 0) return [];
  const shown = warnings.slice(0, MOST_WARNINGS);
  const more = warnings.length - shown.length;
  const line = (label: string, text: string, look: 'warning' | 'faint'): LookRow[] =>
    labelledText(label, text, columns, { look, most: 1 });
  return [
    ...line('Warnings', `${warnings.length} in the last run`, 'faint'),
    ...shown.flatMap((text) => line('', text, 'warning')),
    ...(more === 0 ? [] : line('', `… and ${more} more: quickscrape job show ${row.id}`, 'faint')),
  ];
};
