import { pluralize } from '../../core/lib/pluralize.ts';
import { type StyledSpan, styledRow, wrappedRows } from '../styled-row.ts';
import { textWidth } from '../text/fit.ts';
import { STATUS_DISPLAY } from '../theme.ts';
import { formatCountdown } from '../time/format-duration.ts';
import type { DetailSection } from './detail-rows.ts';

/** How a job is: its state in words, when it runs next, what it is for. */
export const headRows: DetailSection = ({ row, columns }) => {
  const { state, failures, nextRun, description } = row;
  const { icon, word, style } = STATUS_DISPLAY[state];
  const spans: StyledSpan[] = [{ text: `${icon} ${word}`, style }];
  if (failures > 1) spans.push({ text: `, ${pluralize(failures, 'failure')} in a row`, style: 'plain' });
  const about = description === '' ? [] : wrappedRows(description, columns, 'plain', 3);
  if (nextRun === null || row.active.length > 0) return [styledRow(columns, ...spans), ...about];
  const next = (now: number) => `next run ${formatCountdown(nextRun, now)}`;
  const cells = spans.reduce((sum, { text }) => sum + textWidth(String(text)), 0);
  // A countdown that is cut says another time.
  if (cells + MAX_NEXT_RUN_CELLS > columns)
    return [styledRow(columns, ...spans), styledRow(columns, { text: next, style: 'plain' }), ...about];
  return [styledRow(columns, ...spans, { text: (now) => ` · ${next(now)}`, style: 'plain' }), ...about];
};

/** ` · next run in 23h 59m` */
const MAX_NEXT_RUN_CELLS = 23;
