import type { JobRow } from '../home/job-row.ts';
import { STATUS_DISPLAY } from '../theme.ts';
import { type CellContent, jobCell, shortenError } from './job-cells.ts';
import type { ColumnId } from './job-columns.ts';

/** What the list says of a job as one sentence, the most important first: for who hears it and sees no columns. */
export function describeJob(row: JobRow, now: number, timezone: string): string {
  const { id, state, error, last, active, callbackFailure, tags, hosts } = row;
  const cell = (column: Exclude<ColumnId, 'history'>) => textAt(jobCell(row, column, timezone), now);
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
    next === '' ? '' : active.length > 0 ? next : `next ${next}`,
    ended.trim(),
    prefixed('took ', cell('took')),
    items === '' ? '' : `${items} ${items === '1' ? 'item' : 'items'}`,
    prefixed('change ', cell('change').replace(/^=$/, 'none')),
    prefixed('at ', cell('at')),
    tags.length === 0 ? '' : `tags ${tags.join(' ')}`,
    prefixed('configuration ', cell('config')),
    prefixed('host ', host),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function textAt({ text }: CellContent, now: number): string {
  return typeof text === 'string' ? text : text(now);
}

function prefixed(label: string, text: string): string {
  return text === '' ? '' : label + text;
}
