import type { Actor } from '../../core/model/definition.ts';
import { describeAuthor } from '../home/describe-author.ts';
import type { JobRow } from '../home/job-row.ts';
import { STATUS_DISPLAY, type StyleName } from '../theme.ts';
import { formatClockTime } from '../time/format-clock-time.ts';
import {
  formatCountdown,
  formatRunDuration,
  formatShortDuration,
  formatTimeAgo,
} from '../time/format-duration.ts';
import { formatItemChange, formatShortCount } from './format-item-change.ts';
import type { ColumnId } from './job-columns.ts';
import { isMoved } from './next-run-notes.ts';

/** What stands in a cell: a text, or one that changes with the time (epoch ms). Not fitted to the cell's width. */
export interface CellContent {
  readonly text: string | ((now: number) => string);
  readonly style: StyleName;
}

/** A loss of more than this part of the items is something to look at. */
const DROP_WARNING_SHARE = 0.1;

const EMPTY_CELL: CellContent = { text: '', style: 'plain' };

/** What a cell of a job says; instants are told in `timezone`. The history has a bar of its own: `historyBar`. */
export function jobCell(row: JobRow, id: Exclude<ColumnId, 'history'>, timezone: string): CellContent {
  return CELLS[id](row, timezone);
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

/** Why a job's file cannot be used, without the folder that all job files are in. */
export function shortenError({ id, error }: JobRow): string {
  if (error === null) return '';
  return error.slice(Math.max(0, error.indexOf(`${id}.json`)));
}

/** Shorter than what a notice says. */
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
      ? { text: 'under way', style: 'running' }
      : { text: `${Math.floor(run.progress * 100)}% done`, style: 'running' };
  if (run?.status === 'queued') return { text: 'waits', style: 'waiting' };
  if (nextRun === null) return EMPTY_CELL;
  return hasConfig
    ? { text: (now) => formatCountdown(nextRun, now), style: 'plain' }
    : { text: 'no config', style: 'bad' };
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
