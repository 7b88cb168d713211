import { formatInstant } from '../../../core/schedule/engine/instant.ts';
import { rowStarts } from '../../ui/text/row-starts.ts';
import { findOccurrences } from './log-filter.ts';
import type { LogLine } from './model.ts';

/** The layout of lines. */
export interface LogLayout {
  readonly columns: number;
  readonly timeZone: string;
  readonly wrap: boolean;
  readonly timestamps: boolean;
}

/** `09:00:00.000 `, in a given time zone. */
const TIME_CELLS = 13;
/** `ERROR `. */
const LEVEL_CELLS = 6;

export type SpanKind = 'time' | 'level' | 'text' | 'hit';

/** A part of a row with one style. */
export interface LogSpan {
  readonly kind: SpanKind;
  readonly text: string;
}

/** The layout of a line before it is wrapped or cut: its time and level columns, then its text. */
export interface LineLayout {
  readonly time: string;
  readonly level: string;
  readonly text: string;
}

export function layoutLine(line: LogLine, { timestamps, timeZone }: LogLayout): LineLayout {
  // Only the first line of a message shows time and level. Continuation lines are aligned with its text.
  const level = line.at === null ? '' : (line.level ?? '').toUpperCase();
  const time = line.at === null ? '' : formatInstant(line.at, timeZone).slice(11, 23);
  return {
    time: timestamps ? time.padEnd(TIME_CELLS) : '',
    level: level.padEnd(LEVEL_CELLS),
    text: line.text,
  };
}

/** The width before the text of each line, in cells. */
export function headCells({ timestamps }: Pick<LogLayout, 'timestamps'>): number {
  return LEVEL_CELLS + (timestamps ? TIME_CELLS : 0);
}

/** The width of the text itself. Narrow screens leave out the columns before it. */
export function textColumns(layout: LogLayout): number {
  return Math.max(1, layout.columns - (hasHead(layout) ? headCells(layout) : 0));
}

/** Whether time and level fit. */
export function hasHead(layout: LogLayout): boolean {
  return layout.columns >= headCells(layout) + 20;
}

const known = new WeakMap<LogLine, { columns: number; starts: readonly number[] }>();

/** The start of each row within a line's text; a single row when wrapping is off. */
export function rowStartsOf(line: LogLine, layout: LogLayout): readonly number[] {
  if (!layout.wrap) return [0];
  const columns = textColumns(layout);
  const before = known.get(line);
  if (before?.columns === columns) return before.starts;
  const starts = rowStarts(line.text, columns);
  known.set(line, { columns, starts });
  return starts;
}

/** A part of a line's text, split so that search matches have their own spans. */
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
