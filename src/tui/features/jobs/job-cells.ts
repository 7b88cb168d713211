import type { Actor } from '../../../core/model/definition.ts';
import { type HistoryRun, hasFailed, isExecuted } from '../../../core/runs/last-run.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import { type PreviewNote, previewSchedule } from '../../../core/schedule/preview.ts';
import { describeAuthor } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import { STATUS_DISPLAY } from '../../home/job-state-display.ts';
import {
  formatClockTime,
  formatCountdown,
  formatItemChange,
  formatRunDuration,
  formatShortCount,
  formatShortDuration,
  formatTimeAgo,
} from '../../ui/format.ts';
import { memoize } from '../../ui/memoize.ts';
import { textAt } from '../../ui/styled-row.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { ColumnId } from './job-columns.ts';

/** The content of a cell: a text, or a function of the time (epoch ms). It is not fitted to the cell's width. */
export interface CellContent {
  readonly text: string | ((now: number) => string);
  readonly style: StyleName;
}

/** A loss of more than this share of the items is shown as a warning. */
const DROP_WARNING_SHARE = 0.1;

const EMPTY_CELL: CellContent = { text: '', style: 'plain' };

/**
 * The content of a job's cell, with times in `timezone`; `isIdle` while no coming run starts, because the scheduler is off.
 * The history has its own function, {@link historyBar}.
 */
export function jobCell(
  row: JobRow,
  id: Exclude<ColumnId, 'history'>,
  timezone: string,
  isIdle = false,
): CellContent {
  const cell = CELLS[id](row, timezone);
  if (id !== 'next' || !isIdle || row.active.length > 0 || typeof cell.text === 'string') return cell;
  const { text } = cell;
  return { text: (now) => `${shortened(text(now))} off`, style: 'faint' };
}

/** `in 21h 28m`, `due 5m 04s ago` → `in 21h`, `due 5m` */
function shortened(countdown: string): string {
  return countdown.split(' ').slice(0, 2).join(' ');
}

const CELLS: {
  readonly [K in Exclude<ColumnId, 'history'>]: (row: JobRow, timezone: string) => CellContent;
} = {
  state: ({ state }) => ({
    text: `${STATUS_DISPLAY[state].icon} ${STATUS_DISPLAY[state].word}`,
    style: STATUS_DISPLAY[state].style,
  }),
  job: ({ id, enabled, callbackFailure }) =>
    callbackFailure === null
      ? { text: id, style: enabled ? 'plain' : 'faint' }
      : { text: `! ${id}`, style: 'bad' },
  next: nextCell,
  at: (row, timezone) => {
    const { nextRun } = row;
    if (nextRun === null) return EMPTY_CELL;
    return {
      text: (now) => formatClockTime(nextRun, now, timezone),
      style: isMoved(row) ? 'warning' : 'faint',
    };
  },
  last: lastCell,
  took: tookCell,
  items: itemsCell,
  change: ({ itemChange, itemsBefore }) =>
    itemChange === null || itemsBefore === null
      ? EMPTY_CELL
      : {
          text: formatItemChange(itemChange, itemsBefore),
          style: itemChange < -itemsBefore * DROP_WARNING_SHARE ? 'warning' : 'faint',
        },
  config: ({ configName }) => ({ text: configName ?? '', style: 'faint' }),
  host: ({ hosts: [first = '', ...others] }) => ({
    text: others.length === 0 ? first : `${first} +${others.length}`,
    style: 'faint',
  }),
  tags: ({ tags }) => ({ text: tags.join(' '), style: 'accent' }),
  by: ({ updatedBy }) => ({
    text: updatedBy === null ? '' : (AUTHOR_LABELS[updatedBy] ?? updatedBy),
    style: 'faint',
  }),
};

/** Why a job's file cannot be used, without the path of the jobs folder. */
export function shortenError({ id, error }: JobRow): string {
  if (error === null) return '';
  return error.slice(Math.max(0, error.indexOf(`${id}.json`)));
}

/** Shorter names than those in notices. */
const AUTHOR_LABELS: Readonly<Partial<Record<Actor, string>>> = {
  tui: describeAuthor('tui'),
  mcp: 'agent',
  rpc: 'agent',
};

function nextCell({ active: [run], nextRun, hasConfig }: JobRow): CellContent {
  if (run?.status === 'waiting_retry') {
    const { notBefore } = run;
    return { text: (now) => formatCountdown(notBefore, now).replace(/^in/, 'try'), style: 'warning' };
  }
  if (run?.status === 'running')
    return run.progress === null
      ? { text: countPages(run.pages), style: 'running' }
      : { text: `${Math.floor(run.progress * 100)}% done`, style: 'running' };
  if (run?.status === 'queued') return { text: 'waits', style: 'waiting' };
  if (nextRun === null) return EMPTY_CELL;
  return hasConfig
    ? { text: (now) => formatCountdown(nextRun, now), style: 'plain' }
    : { text: 'no config', style: 'bad' };
}

/** What is known of a run whose end is not: `12 pages`. */
function countPages(pages: number): string {
  return `${formatShortCount(pages)} ${pages === 1 ? 'page' : 'pages'}`;
}

function lastCell({ last }: JobRow): CellContent {
  if (last === null) return EMPTY_CELL;
  const { status, finishedAt } = last;
  const { icon, style } = STATUS_DISPLAY[status];
  return {
    text: finishedAt === null ? icon : (now) => `${icon} ${formatTimeAgo(finishedAt, now)}`,
    style,
  };
}

function tookCell({ active: [run], last }: JobRow): CellContent {
  if (run?.status === 'running' && run.startedAt !== null) {
    const { startedAt } = run;
    return { text: (now) => formatShortDuration(now - startedAt), style: 'running' };
  }
  return last === null || last.durationMs === null
    ? EMPTY_CELL
    : { text: formatRunDuration(last.durationMs), style: 'plain' };
}

function itemsCell({ active: [run], last }: JobRow): CellContent {
  if (run?.status === 'running') return { text: formatShortCount(run.items), style: 'running' };
  return last === null ? EMPTY_CELL : { text: formatShortCount(last.items), style: 'plain' };
}

/** Adjacent characters with the same style. */
interface BarPart {
  readonly text: string;
  readonly style: StyleName;
}

/** What the characters of the history mean, in one line. */
export const HISTORY_LEGEND =
  'HISTORY: a bar a run, low for the fewest items, high for the most. ✗ failed · skipped ∅ missed';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Of the ASCII signs of bars, those that are no sign of a state. */
const ASCII_BARS = ['▁', '▄', '▅', '█'];
/** With a smaller difference between the fewest and the most items, the bars do not reach their full height. */
const FULL_HEIGHT_SHARE = 0.1;

/**
 * The last runs as one character each in exactly `cells` cells, the latest at the right. A success is a bar: the lowest
 * for the fewest items of those shown, and higher the more there are, so that equal runs are a low line. Every other
 * outcome has a sign of its own.
 */
export function historyBar(
  history: readonly HistoryRun[],
  cells: number,
  { unicode = true }: { unicode?: boolean } = {},
): readonly BarPart[] {
  const shown = history.slice(-cells);
  const barOf = barsOf(shown, unicode ? BARS : ASCII_BARS);
  const blank = ' '.repeat(cells - shown.length);
  const parts: BarPart[] = blank === '' ? [] : [{ text: blank, style: 'plain' }];
  for (const run of shown) {
    const { style } = STATUS_DISPLAY[run.status];
    const last = parts.at(-1);
    const text = run.status === 'succeeded' ? barOf(run.items) : signOf(run);
    if (last?.style === style) parts[parts.length - 1] = { text: last.text + text, style };
    else parts.push({ text, style });
  }
  return parts;
}

function barsOf(runs: readonly HistoryRun[], bars: readonly string[]): (items: number) => string {
  const counts = runs.flatMap(({ status, items }) => (status === 'succeeded' ? [items] : []));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const whole = Math.max(1, most - fewest, most * FULL_HEIGHT_SHARE);
  return (items) => bars[Math.round(((items - fewest) / whole) * (bars.length - 1))] ?? '';
}

function signOf({ status }: HistoryRun): string {
  return status === 'skipped' ? '·' : STATUS_DISPLAY[status].icon;
}

/** The history in words: `2 of the last 10 runs failed, 997 to 1,000 items before`; empty for a single run. */
export function describeHistory(history: readonly HistoryRun[]): string {
  const executed = history.filter(isExecuted);
  if (executed.length < 2) return '';
  const failed = executed.filter(hasFailed).length;
  const counts = executed.flatMap(({ status, items }) => (status === 'succeeded' ? [items] : []));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)].map(formatShortCount);
  const range =
    counts.length === 0 ? '' : `, with ${fewest === most ? fewest : `${fewest} to ${most}`} items`;
  return `${failed === 0 ? 'none' : failed} of the last ${executed.length} runs failed${range}`;
}

/** The row of a job as one sentence for screen readers, most important facts first. */
export function describeJob(row: JobRow, now: number, timezone: string, idle?: string): string {
  const { id, state, error, last, active, callbackFailure, tags, hosts } = row;
  const cell = (column: Exclude<ColumnId, 'history'>) => textAt(jobCell(row, column, timezone).text, now);
  const word = STATUS_DISPLAY[state].word;
  if (error !== null) return `${id}, ${word}: ${shortenError(row)}`;
  const next = cell('next');
  const ended =
    last === null ? '' : `last ${STATUS_DISPLAY[last.status].word} ${cell('last').replace(/^\S+ ?/, '')}`;
  const items = cell('items');
  const [host = ''] = hosts;
  const parts = [
    id,
    callbackFailure === null ? '' : 'its last alert failed',
    word,
    next === '' ? '' : active.length > 0 ? next : `next ${next}${idle === undefined ? '' : `, ${idle}`}`,
    ended.trim(),
    prefixed('took ', cell('took')),
    items === '' ? '' : `${items} ${items === '1' ? 'item' : 'items'}`,
    describeHistory(row.history),
    prefixed('change ', cell('change').replace(/^=$/, 'none')),
    prefixed('at ', cell('at')),
    tags.length === 0 ? '' : `tags ${tags.join(' ')}`,
    prefixed('configuration ', cell('config')),
    prefixed('host ', host),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function prefixed(label: string, text: string): string {
  return text === '' ? '' : label + text;
}

const NONE: readonly PreviewNote[] = [];

/**
 * The notes about how a job's next run differs from its schedule: a clock change, a short month, a stagger. Computed
 * only for rows in sight.
 */
export const nextRunNotes = memoize((row: JobRow): readonly PreviewNote[] => {
  const { definition, nextRun, id } = row;
  if (definition === null || nextRun === null) return NONE;
  const { schedule, stagger, jitter } = definition;
  return previewSchedule(JobSchedule.fromDict(schedule), {
    count: 1,
    from: new Date(nextRun - 1),
    startDelay: { jobId: id, stagger, jitter },
  }).notes;
});

/** Whether the next run is at another time than scheduled. */
export function isMoved(row: JobRow): boolean {
  return nextRunNotes(row).some(isOfOccurrence);
}

/**
 * Whether a note is about the occurrence at its instant. A stagger applies to all occurrences, and a skipped one does
 * not exist.
 */
export function isOfOccurrence({ kind }: Pick<PreviewNote, 'kind'>): boolean {
  return kind !== 'staggered' && kind !== 'skipped';
}
