import { displayWidth } from '../../../core/lib/display-width.ts';
import { formatBytes } from '../../../core/lib/format-bytes.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { formatInstant } from '../../../core/schedule/engine/instant.ts';
import { cellSlice, wordRowStarts } from '../../ui/text/fit.ts';
import { findOccurrences, isUrgent } from './log-line.ts';
import type { LogLine, LogSlice, LogTop, LogView } from './model.ts';

/** The layout of lines. */
interface LogLayout {
  readonly columns: number;
  readonly timezone: string;
  /** All long lines are wrapped, and not only those that say what went wrong. */
  readonly wrap: boolean;
  readonly timestamps: boolean;
  /** Beside other things: whole seconds, and no column for the level. */
  readonly compact: boolean;
  /** A line that fits without its host is shown without it. */
  readonly shortens: boolean;
}

export type SpanKind = 'time' | 'level' | 'text' | 'hit';

/** A part of a row with one style. */
interface LogSpan {
  readonly kind: SpanKind;
  readonly text: string;
}

/** A row of the screen. */
export interface LogRow {
  readonly line: LogLine;
  /** The index among the line's rows. */
  readonly row: number;
  readonly spans: readonly LogSpan[];
  /** It belongs to the current match. */
  readonly isHit: boolean;
}

/** The rows on the screen, first to last. There are fewer than fit when the lines end. */
export function rowsOnScreen(slice: LogSlice, view: LogView): LogRow[] {
  const layout = computeLogLayout(slice, view);
  const top = currentTop(slice, view);
  const found: LogRow[] = [];
  for (let index = indexAt(slice.shown, top.offset); found.length < view.rows; index += 1) {
    const line = slice.shown[index];
    if (line === undefined) break;
    const starts = rowStartsOf(line, layout);
    for (let row = line.offset === top.offset ? top.row : 0; row < starts.length; row += 1) {
      if (found.length >= view.rows) break;
      const text = textOf(line, layout);
      const part = isWrapped(line, layout) ? wrappedPart(text, starts, row) : cutPart(text, slice, layout);
      found.push({
        line,
        row,
        spans: rowSpans(slice, layout, line, { row, ...part }),
        isHit: line.offset === slice.search?.at,
      });
    }
  }
  return found;
}

/**
 * Where the screen is in the log: `lines 12–48 of 320`, of those that pass the filter. Of a log that is not all in memory
 * the lines are not counted, so it says how much of it is above the last row: `62% of 14 MB`.
 */
export function describePosition(slice: LogSlice, view: LogView): string {
  const { shown } = slice;
  const rows = rowsOnScreen(slice, view);
  const [first, last] = [rows[0]?.line, rows.at(-1)?.line];
  if (first === undefined || last === undefined) return '';
  if (slice.from > 0 || !slice.atEnd) {
    const size = Math.max(slice.size, 1);
    const share = Math.min(1, (last.offset + last.bytes) / size);
    return `${Math.floor(share * 100)}% of ${formatBytes(size)}`;
  }
  const numbers = [first, last].map(({ offset }) => (indexAt(shown, offset) + 1).toLocaleString('en-US'));
  const isWhole = rows[0]?.row === 0 && first === shown[0] && last === shown.at(-1);
  const place = first === last ? `line ${numbers[0]}` : `lines ${numbers.join('–')}`;
  return isWhole ? pluralize(shown.length, 'line') : `${place} of ${shown.length.toLocaleString('en-US')}`;
}

/** What a row shows of a line: `[start, end)` of a text, and what stands before and after it. */
interface RowPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Blank cells of a wide character that is cut. */
  readonly gap: number;
  /** The end of the line is cut. */
  readonly isCut: boolean;
}

function wrappedPart(text: string, starts: readonly number[], row: number): RowPart {
  const start = starts[row] ?? 0;
  const next = starts[row + 1];
  const end = next === undefined ? text.length : start + text.slice(start, next).trimEnd().length;
  return { text, start, end, gap: 0, isCut: false };
}

const HOST = /\bhttps?:\/\/[^/\s]+(?=\/)/;

/** A line that is not wrapped. What a page answered is worth more than the host, which all lines of a run share. */
function cutPart(full: string, { left, search }: LogSlice, layout: LogLayout): RowPart {
  const columns = textColumns(layout);
  const isShort = left > 0 || search !== undefined || displayWidth(full) <= columns;
  const text = isShort ? full : full.replace(HOST, '…');
  const part = cellSlice(text, left, columns);
  if (part.end >= text.length) return { text, ...part, isCut: false };
  return { text, ...cellSlice(text, left, columns - 1), isCut: true };
}

function rowSpans(
  slice: LogSlice,
  layout: LogLayout,
  line: LogLine,
  { row, gap, isCut, text, ...part }: RowPart & { row: number },
): LogSpan[] {
  const { time, level } = layoutLine(line, layout);
  const isFirst = row === 0;
  const head: LogSpan[] = hasHead(layout)
    ? [
        { kind: 'time', text: isFirst ? time : ' '.repeat(time.length) },
        { kind: 'level', text: isFirst ? level : ' '.repeat(level.length) },
      ]
    : [];
  const before: LogSpan[] = gap === 0 ? [] : [{ kind: 'text', text: ' '.repeat(gap) }];
  const after: LogSpan[] = isCut ? [{ kind: 'text', text: '…' }] : [];
  const spans = [...head, ...before, ...highlightSpans(text, part, slice.search?.query ?? ''), ...after];
  return spans.filter((span) => span.text !== '');
}

/** The first row on the screen. No blank rows appear below while there are lines above. */
export function currentTop(slice: LogSlice, view: LogView): LogTop {
  const last = lastTop(slice, view);
  if (slice.follow) return last;
  return isAfter(slice.top, last) ? last : placed(slice, view, slice.top);
}

/** The same top position, limited to shown lines and their rows. */
function placed(slice: LogSlice, view: LogView, top: LogTop): LogTop {
  const line = slice.shown[indexAt(slice.shown, top.offset)];
  if (line === undefined) return top;
  if (line.offset !== top.offset) return { offset: line.offset, row: 0 };
  return { ...top, row: Math.min(top.row, rowStartsOf(line, computeLogLayout(slice, view)).length - 1) };
}

/** The top position with the last row at the bottom of the screen. */
export function lastTop(slice: LogSlice, view: LogView): LogTop {
  const layout = computeLogLayout(slice, view);
  let room = view.rows;
  for (let index = slice.shown.length - 1; index >= 0; index -= 1) {
    const line = slice.shown[index];
    if (line === undefined) break;
    const rows = rowStartsOf(line, layout).length;
    if (rows >= room) return { offset: line.offset, row: rows - room };
    room -= rows;
  }
  return { offset: slice.shown[0]?.offset ?? 0, row: 0 };
}

/** The top position this many rows further down (negative: up), limited to the lines in memory. */
export function moveTop(slice: LogSlice, view: LogView, by: number, start = currentTop(slice, view)): LogTop {
  const layout = computeLogLayout(slice, view);
  const { shown } = slice;
  let index = indexAt(shown, start.offset);
  let row = start.row + by;
  while (row < 0 && index > 0) {
    index -= 1;
    const line = shown[index];
    row += line === undefined ? 1 : rowStartsOf(line, layout).length;
  }
  for (let line = shown[index]; line !== undefined; line = shown[index]) {
    const rows = rowStartsOf(line, layout).length;
    if (row < rows) break;
    row -= rows;
    index += 1;
  }
  const line = shown[index];
  const last = lastTop(slice, view);
  const top = line === undefined ? last : { offset: line.offset, row: Math.max(0, row) };
  return isAfter(top, last) ? last : top;
}

/** The maximum horizontal scroll in cells: the end of the widest line on the screen stays in sight. */
export function maxLeft(slice: LogSlice, view: LogView): number {
  const layout = computeLogLayout(slice, view);
  if (layout.wrap) return 0;
  const widest = rowsOnScreen({ ...slice, left: 0 }, view).reduce(
    (max, { line }) => (isWrapped(line, layout) ? max : Math.max(max, displayWidth(textOf(line, layout)))),
    0,
  );
  return Math.max(0, widest - textColumns(layout));
}

export function isAfter(one: LogTop, other: LogTop): boolean {
  return one.offset > other.offset || (one.offset === other.offset && one.row > other.row);
}

/** The index of the first line that starts at or after a byte; the number of lines when there is none. */
export function indexAt(lines: readonly LogLine[], offset: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function computeLogLayout(
  slice: LogSlice,
  { columns, timezone, wrap = slice.wrap, compact = false }: LogView,
): LogLayout {
  // A match may be in the host.
  const shortens = wrap && slice.search === undefined;
  return { columns, timezone, wrap, timestamps: slice.timestamps, compact, shortens };
}

/** What is shown of a line. A level that needs attention is a word before it where levels have no column. */
function textOf(line: LogLine, layout: LogLayout): string {
  const { at, level, text } = line;
  const urgent = isUrgent(line);
  const full = layout.compact && urgent && at !== null ? `${level?.toUpperCase()} ${text}` : text;
  if (!layout.shortens || urgent || displayWidth(full) <= textColumns(layout)) return full;
  const short = full.replace(HOST, '…');
  return displayWidth(short) <= textColumns(layout) ? short : full;
}

/** `09:00:00.000 `, in a given time zone. */
const TIME_CELLS = 13;
/** `09:00:00 `. */
const COMPACT_TIME_CELLS = 9;
/** `ERROR `. */
const LEVEL_CELLS = 6;

/** The time and level columns of a line, before its text. */
interface LineLayout {
  readonly time: string;
  readonly level: string;
}

function layoutLine(line: LogLine, layout: LogLayout): LineLayout {
  const { timestamps, timezone, compact } = layout;
  // Only the first line of a message shows time and level. Continuation lines are aligned with its text.
  const level = line.at === null ? '' : (line.level ?? '').toUpperCase();
  const cells = timeCells(layout);
  const time = line.at === null ? '' : formatInstant(line.at, timezone).slice(11, 10 + cells);
  return {
    time: timestamps ? time.padEnd(cells) : '',
    level: compact ? '' : level.padEnd(LEVEL_CELLS),
  };
}

/** The width before the text of each line, in cells. */
function headCells(layout: LogLayout): number {
  return (layout.compact ? 0 : LEVEL_CELLS) + (layout.timestamps ? timeCells(layout) : 0);
}

function timeCells({ compact }: LogLayout): number {
  return compact ? COMPACT_TIME_CELLS : TIME_CELLS;
}

/** The width of the text itself. Narrow screens leave out the columns before it. */
function textColumns(layout: LogLayout): number {
  return Math.max(1, layout.columns - (hasHead(layout) ? headCells(layout) : 0));
}

/** Whether time and level fit. */
function hasHead(layout: LogLayout): boolean {
  return layout.columns >= headCells(layout) + 20;
}

/** Whether a long line has as many rows as it needs: the reason of a failure is never cut. */
function isWrapped(line: LogLine, { wrap }: LogLayout): boolean {
  return wrap || isUrgent(line);
}

type KnownRows = Pick<LogLayout, 'shortens' | 'compact'> & { columns: number; starts: readonly number[] };

const known = new WeakMap<LogLine, KnownRows>();

/** The start of each row within a line's text; a single row for a line that is not wrapped. */
function rowStartsOf(line: LogLine, layout: LogLayout): readonly number[] {
  if (!isWrapped(line, layout)) return [0];
  const columns = textColumns(layout);
  const { shortens, compact } = layout;
  const before = known.get(line);
  const isKnown = before?.columns === columns && before.shortens === shortens && before.compact === compact;
  if (isKnown) return before.starts;
  const starts = wordRowStarts(textOf(line, layout), columns);
  known.set(line, { columns, shortens, compact, starts });
  return starts;
}

/** A part of a line's text, split so that search matches have their own spans. */
function highlightSpans(
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
