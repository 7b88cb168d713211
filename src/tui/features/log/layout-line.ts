import { formatInstant } from '../../../core/schedule/engine/instant.ts';
import { rowStarts } from '../../ui/text/row-starts.ts';
import { findOccurrences } from './log-filter.ts';
import type { LogLine } from './model.ts';

/** How lines are laid out. */
export interface LogLayout {
  readonly columns: number;
  readonly timeZone: string;
  readonly wrap: boolean;
  readonly timestamps: boolean;
}

/** `09:00:00.000 `, by the clocks of a zone. */
const TIME_CELLS = 13;
/** `ERROR `. */
const LEVEL_CELLS = 6;

export type SpanKind = 'time' | 'level' | 'text' | 'hit';

/** A stretch of a row that looks the same. */
export interface LogSpan {
  readonly kind: SpanKind;
  readonly text: string;
}

/** A line as it stands on the screen, before it is broken or cut: its columns of time and level, then its text. */
export interface LineLayout {
  readonly time: string;
  readonly level: string;
  readonly text: string;
}

export function layoutLine(line: LogLine, { timestamps, timeZone }: LogLayout): LineLayout {
  // Only the first line of a message says when, and how important it is; those under it stand below its text.
  const level = line.at === null ? '' : (line.level ?? '').toUpperCase();
  const time = line.at === null ? '' : formatInstant(line.at, timeZone).slice(11, 23);
  return {
    time: timestamps ? time.padEnd(TIME_CELLS) : '',
    level: level.padEnd(LEVEL_CELLS),
    text: line.text,
  };
}

/** The cells before the text of each line. */
export function headCells({ timestamps }: Pick<LogLayout, 'timestamps'>): number {
  return LEVEL_CELLS + (timestamps ? TIME_CELLS : 0);
}

/** Columns for the text itself; on a narrow screen the columns before it are left out. */
export function textColumns(layout: LogLayout): number {
  return Math.max(1, layout.columns - (hasHead(layout) ? headCells(layout) : 0));
}

/** Whether there is room for time and level. */
export function hasHead(layout: LogLayout): boolean {
  return layout.columns >= headCells(layout) + 20;
}

const known = new WeakMap<LogLine, { columns: number; starts: readonly number[] }>();

/** Where the rows of a line begin within its text; one row while lines are not broken. */
export function rowStartsOf(line: LogLine, layout: LogLayout): readonly number[] {
  if (!layout.wrap) return [0];
  const columns = textColumns(layout);
  const before = known.get(line);
  if (before?.columns === columns) return before.starts;
  const starts = rowStarts(line.text, columns);
  known.set(line, { columns, starts });
  return starts;
}

/** A part of a line's text, with what was searched for set apart. */
export function highlightSpans(
  text: string,
  { start, end }: { start: number; end: number },
  query: string,
): LogSpan[] {
  const spans: LogSpan[] = [];
  const add = (kind: SpanKind, from: number, to: number) => {
    const [first, last] = [Math.max(start, from), Math.min(end, to)];
    if (first < last) spans.push({ kind, text: text.slice(first, last) });
  };
  let at = start;
  for (const place of findOccurrences(text, query)) {
    add('text', at, place.start);
    add('hit', place.start, place.end);
    at = Math.max(at, place.end);
  }
  add('text', at, end);
  return spans;
}
