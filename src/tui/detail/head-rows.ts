import { countWords } from '../../core/count-words.ts';
import { rowOf, type Span, wrapped } from '../look-row.ts';
import { FACES } from '../theme.ts';
import { countdownWords } from '../time/time-words.ts';
import type { DetailSection } from './detail-rows.ts';

/** How a job is: its state in words, when it runs next, what it is for. */
export const headRows: DetailSection = ({ row, columns }) => {
  const { state, failures, nextRun, description } = row;
  const { icon, word, look } = FACES[state];
  const spans: Span[] = [{ text: `${icon} ${word}`, look }];
  if (failures > 1) spans.push({ text: `, ${countWords(failures, 'failure')} in a row`, look: 'plain' });
  if (nextRun !== null && row.active.length === 0)
    spans.push({ text: (now) => ` · next run ${countdownWords(nextRun, now)}`, look: 'plain' });
  return [rowOf(columns, ...spans), ...(description === '' ? [] : wrapped(description, columns, 'plain', 3))];
};
