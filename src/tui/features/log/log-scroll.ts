import { textWidth } from '../../ui/text/fit.ts';
import { cellSlice } from '../../ui/text/row-starts.ts';
import {
  hasHead,
  highlightSpans,
  type LogLayout,
  type LogSpan,
  layoutLine,
  rowStartsOf,
  textColumns,
} from './layout-line.ts';
import type { LogLine, LogSlice, LogTop, LogView } from './model.ts';

/** A row of the screen. */
export interface LogRow {
  readonly line: LogLine;
  /** The index among the line's rows. */
  readonly row: number;
  readonly spans: readonly LogSpan[];
  /** It belongs to the current match. */
  readonly isHit: boolean;
}

export function computeLogLayout({ wrap, timestamps }: LogSlice, { columns, timeZone }: LogView): LogLayout {
  return { columns, timeZone, wrap, timestamps };
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

/** The first row on the screen. No blank rows appear below while there are lines above. */
export function currentTop(slice: LogSlice, view: LogView): LogTop {
  const last = lastTop(slice, view);
  if (slice.follow) return last;
  return isAfter(slice.top, last) ? last : placed(slice, view, slice.top);
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
      const part = layout.wrap
        ? { start: starts[row] ?? 0, end: starts[row + 1] ?? line.text.length, gap: 0 }
        : cellSlice(line.text, slice.left, textColumns(layout));
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

/** The maximum horizontal scroll in cells: the end of the widest line on the screen stays in sight. */
export function maxLeft(slice: LogSlice, view: LogView): number {
  if (slice.wrap) return 0;
  const layout = computeLogLayout(slice, view);
  const widest = rowsOnScreen({ ...slice, left: 0 }, view).reduce(
    (max, { line }) => Math.max(max, textWidth(line.text)),
    0,
  );
  return Math.max(0, widest - textColumns(layout));
}

export function isAfter(one: LogTop, other: LogTop): boolean {
  return one.offset > other.offset || (one.offset === other.offset && one.row > other.row);
}

/** The same top position, limited to shown lines and their rows. */
function placed(slice: LogSlice, view: LogView, top: LogTop): LogTop {
  const line = slice.shown[indexAt(slice.shown, top.offset)];
  if (line === undefined) return top;
  if (line.offset !== top.offset) return { offset: line.offset, row: 0 };
  return { ...top, row: Math.min(top.row, rowStartsOf(line, computeLogLayout(slice, view)).length - 1) };
}

function rowSpans(
  slice: LogSlice,
  layout: LogLayout,
  line: LogLine,
  { row, gap, ...part }: { row: number; start: number; end: number; gap: number },
): LogSpan[] {
  const { time, level, text } = layoutLine(line, layout);
  const isFirst = row === 0;
  const head: LogSpan[] = hasHead(layout)
    ? [
        { kind: 'time', text: isFirst ? time : ' '.repeat(time.length) },
        { kind: 'level', text: isFirst ? level : ' '.repeat(level.length) },
      ]
    : [];
  const before: LogSpan[] = gap === 0 ? [] : [{ kind: 'text', text: ' '.repeat(gap) }];
  const spans = [...head, ...before, ...highlightSpans(text, part, slice.search?.query ?? '')];
  return spans.filter((span) => span.text !== '');
}
