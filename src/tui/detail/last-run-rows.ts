import { countWords } from '../../core/count-words.ts';
import type { RunOutput } from '../../core/operations/run-output.ts';
import { differenceWords } from '../../core/run/differences.ts';
import { isCarriedOut } from '../home/job-row.ts';
import { changeWords, shortCount } from '../jobs/change-words.ts';
import { LABEL_CELLS, type LookRow, labelled, labelledText, type Span } from '../look-row.ts';
import { checksSummary, failedCheckWords } from '../runs/run-check-words.ts';
import { sparkline } from '../spark/sparkline.ts';
import { FACES } from '../theme.ts';
import { agoWords, tookWords } from '../time/time-words.ts';
import type { DetailParts, DetailSection } from './detail-rows.ts';

/** How the last run ended, what was wrong with it, and the curves of how long runs took and what they found. */
export const lastRunRows: DetailSection = (parts) => {
  const { row, detail, columns } = parts;
  const { last } = row;
  if (last === null) return [];
  const { icon, word, look } = FACES[last.status];
  const { finishedAt, durationMs } = last;
  const took = durationMs === null ? '' : `, took ${tookWords(durationMs)}`;
  const found = `${countWords(last.items, 'item')}${took}`;
  const told = detail.told?.job.recent_runs.find(({ run_id }) => run_id === last.runId);
  const error = told?.error ?? null;
  const why = error === null ? last.errorKind : `${error.kind}: ${error.message}`;
  return [
    labelled(
      'Last run',
      columns,
      { text: `${icon} ${word}`, look },
      {
        text: (now) => `${finishedAt === null ? '' : ` ${agoWords(finishedAt, now)}`} · ${found}`,
        look: 'plain',
      },
    ),
    ...(why === null ? [] : labelledText('', why, columns, { look: 'bad', most: 6 })),
    ...(told === undefined ? [] : failedCheckWords(told)).flatMap((words) =>
      labelledText('', words, columns, { look: 'warning', most: 3 }),
    ),
    ...(told === undefined ? [] : foundRows(told, columns)),
    ...curveRows(parts),
  ];
};

/** How it held up against what is expected, and what was different. */
function foundRows({ checks, changes }: RunOutput, columns: number): LookRow[] {
  const summary = checksSummary(checks);
  const changed = changes === null ? '' : differenceWords(changes) || 'nothing';
  const look = checks.every(({ passed }) => passed) ? 'good' : 'bad';
  return [
    ...(summary === null ? [] : labelledText('Checks', summary, columns, { look, most: 3 })),
    ...(changed === '' ? [] : labelledText('Changed', changed, columns, { look: 'plain', most: 1 })),
  ];
}

/** A curve of a single run says nothing. */
const LEAST_RUNS = 2;

function curveRows({ row: { history, itemChange, itemsBefore }, columns }: DetailParts): LookRow[] {
  const runs = history.filter(isCarriedOut);
  if (runs.length < LEAST_RUNS) return [];
  const room = Math.min(runs.length, Math.max(1, columns - LABEL_CELLS - 20));
  const curve = (
    label: string,
    values: readonly (number | null)[],
    words: (value: number) => string,
    last = '',
  ) => {
    const shown = values.slice(-room);
    const known = shown.filter((value) => value !== null);
    if (known.length === 0) return [];
    const range = `  ${words(Math.min(...known))} to ${words(Math.max(...known))}${last}`;
    const line: Span = { text: sparkline(shown, room), look: 'accent' };
    return [labelled(label, columns, line, { text: range, look: 'faint' })];
  };
  const change =
    itemChange === null || itemsBefore === null || itemChange === 0
      ? ''
      : `, last ${changeWords(itemChange, itemsBefore)}`;
  return [
    ...curve(
      'Duration',
      runs.map(({ durationMs }) => durationMs),
      tookWords,
    ),
    ...curve(
      'Items',
      runs.map(({ items }) => items),
      shortCount,
      change,
    ),
  ];
}
