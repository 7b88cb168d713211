import { countWords } from '../../core/count-words.ts';
import { rowOf, type Span, wrapped } from '../look-row.ts';
import { cellsOf } from '../text/fit.ts';
import { FACES } from '../theme.ts';
import { countdownWords } from '../time/time-words.ts';
import type { DetailSection } from './detail-rows.ts';

/** How a job is: its state in words, when it runs next, what it is for. */
export const headRows: DetailSection = ({ row, columns }) => {
  const { state, failures, nextRun, description } = row;
  const { icon, word, look } = FACES[state];
  const spans: Span[] = [{ text: `${icon} ${word}`, look }];
  if (failures > 1) spans.push({ text: `, ${countWords(failures, 'failure')} in a row`, look: 'plain' });
  const about = description === '' ? [] : wrapped(description, columns, 'plain', 3);
  if (nextRun === null || row.active.length > 0) return [rowOf(columns, ...spans), ...about];
  const next = (now: number) => `next run ${countdownWords(nextRun, now)}`;
  const cells = spans.reduce((sum, { text }) => sum + cellsOf(String(text)), 0);
  // A countdown that is cut says another time.
  if (cells + LONGEST_NEXT > columns)
    return [rowOf(columns, ...spans), rowOf(columns, { text: next, look: 'plain' }), ...about];
  return [rowOf(columns, ...spans, { text: (now) => ` · ${next(now)}`, look: 'plain' }), ...about];
};

/** ` · next run in 23h 59m` */
const LONGEST_NEXT = 23;
