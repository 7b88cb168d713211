import { countWords } from '../../core/count-words.ts';
import { STATE_MEANINGS } from '../jobs/job-states.ts';
import { countdownWords } from '../jobs/time-words.ts';
import { FACES } from '../theme.ts';
import { type DetailSpan, rowOf, wrapped } from './detail-row.ts';
import type { DetailSection } from './detail-rows.ts';

/** How a job is: its state in words, when it runs next, what it is for; of one that cannot be used, why. */
export const headRows: DetailSection = ({ row, detail, columns }) => {
  const { state, failures, nextRun, description, error } = row;
  const { icon, word, look } = FACES[state];
  const spans: DetailSpan[] = [{ text: `${icon} ${word}`, look }];
  if (failures > 1) spans.push({ text: `, ${countWords(failures, 'failure')} in a row`, look: 'plain' });
  if (nextRun !== null && row.active.length === 0)
    spans.push({ text: (now) => ` · next run ${countdownWords(nextRun, now)}`, look: 'plain' });
  return [
    rowOf(columns, ...spans),
    ...(error === null ? [] : wrapped(error, columns, 'bad')),
    ...(error === null ? [] : wrapped(STATE_MEANINGS[state], columns, 'faint')),
    ...(error === null ? [] : wrapped(detail.failure?.hint ?? '', columns)),
    ...(error === null ? [] : wrapped(MENDING, columns)),
    ...(description === '' ? [] : wrapped(description, columns, 'plain', 3)),
  ].filter(({ spans: parts }) => parts.some(({ text }) => text !== ''));
};

const MENDING =
  'E opens the file in your editor; quickscrape maintenance repair-jobs mends what can be mended.';
