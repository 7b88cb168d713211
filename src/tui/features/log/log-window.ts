import { includesText, matchesFilter } from './log-line.ts';
import {
  type LogLine,
  type LogPage,
  type LogRequest,
  type LogSlice,
  type LogStep,
  type LogView,
  MAX_LINES,
} from './model.ts';

/** The slice with only the lines of this page. */
export function withPage(slice: LogSlice, page: LogPage): LogSlice {
  return applyFilter({
    ...slice,
    ...newest(page.lines, page.from),
    until: page.until,
    unfinished: page.unfinished,
    size: page.size,
    atEnd: true,
    problem: undefined,
    hasItems: page.hasItems === true,
  });
}

/** Adds what was written at the end of the log. If the end is not in memory, the new lines are only counted. */
export function withAdded(slice: LogSlice, page: LogPage): LogSlice {
  const isNew = (line: LogLine) =>
    matchesFilter(line, slice.filter) && (!slice.atEnd || line.offset >= slice.until);
  const fresh = page.lines.filter(isNew);
  const last = page.unfinished !== undefined && isNew(page.unfinished) ? [page.unfinished] : [];
  const next = {
    ...slice,
    size: page.size,
    search: withHits(slice.search, slice.atEnd ? slice.until : page.from, [...fresh, ...last]),
    unseen: slice.follow ? 0 : slice.unseen + fresh.length,
  };
  if (!slice.atEnd || page.until < slice.until) return next;
  // There is a gap between the lines in memory and the new page.
  if (page.from > slice.until) return { ...next, atEnd: false };
  const held = newest(
    slice.lines.concat(page.lines.filter(({ offset }) => offset >= slice.until)),
    slice.from,
  );
  const before = slice.shown.filter((line) => line.offset >= held.from && line !== slice.unfinished);
  return {
    ...next,
    ...held,
    until: page.until,
    unfinished: page.unfinished,
    shown: [...before, ...fresh, ...last],
    problem: undefined,
  };
}

/** Adds the lines before those in memory. Surplus lines at the end are dropped. */
export function withOlder(slice: LogSlice, page: LogPage): LogSlice {
  if (page.until !== slice.from) return slice;
  const lines = page.lines.concat(slice.lines);
  if (lines.length <= MAX_LINES) return applyFilter({ ...slice, lines, from: page.from });
  // The page exceeds the limit, so only its part next to the old lines is kept.
  const first = Math.max(0, page.lines.length - MAX_LINES / 2);
  const held = lines.slice(first, first + MAX_LINES);
  const last = held.at(-1);
  const isWhole = first + MAX_LINES >= lines.length;
  return applyFilter({
    ...slice,
    lines: held,
    from: held[0]?.offset ?? page.from,
    until: last === undefined ? slice.until : last.offset + last.bytes,
    unfinished: isWhole ? slice.unfinished : undefined,
    atEnd: slice.atEnd && isWhole,
  });
}

/** Adds the lines after those in memory. */
export function withNewer(slice: LogSlice, page: LogPage): LogSlice {
  if (page.from !== slice.until) return slice;
  const added = page.lines.slice(0, MAX_LINES / 2);
  const last = added.at(-1);
  const isWhole = added.length === page.lines.length;
  const until = isWhole ? page.until : last === undefined ? page.until : last.offset + last.bytes;
  return applyFilter({
    ...slice,
    ...newest(slice.lines.concat(added), slice.from),
    until,
    unfinished: isWhole ? page.unfinished : undefined,
    size: page.size,
    atEnd: isWhole && until + (page.unfinished?.bytes ?? 0) >= page.size,
  });
}

/** The slice with the lines of two adjacent pages. */
export function withAround(slice: LogSlice, before: LogPage, after: LogPage): LogSlice {
  const older = before.lines.slice(-MAX_LINES / 2);
  const empty = { ...slice, lines: older, from: older[0]?.offset ?? before.until, until: before.until };
  return withNewer({ ...empty, unfinished: undefined, atEnd: false }, after);
}

/** Applies the filter to the lines, and updates the matches while only these lines were searched. */
export function applyFilter(slice: LogSlice): LogSlice {
  const all = slice.unfinished === undefined ? slice.lines : [...slice.lines, slice.unfinished];
  const shown = all.filter((line) => matchesFilter(line, slice.filter));
  const { search } = slice;
  if (search === undefined || search.isComplete) return { ...slice, shown };
  return { ...slice, shown, search: { ...search, hits: findHits(shown, search.query) } };
}

/** The offsets of the lines that contain a text. */
export function findHits(lines: readonly LogLine[], query: string): number[] {
  return lines.filter(({ text }) => includesText(text, query)).map(({ offset }) => offset);
}

/** The line at `from` may have been shorter when it was searched, so it is searched again. */
function withHits(search: LogSlice['search'], from: number, fresh: readonly LogLine[]): LogSlice['search'] {
  if (search === undefined) return undefined;
  const remaining = search.hits.filter((offset) => offset < from);
  return { ...search, hits: remaining.concat(findHits(fresh, search.query)) };
}

function newest(lines: readonly LogLine[], from: number): { lines: readonly LogLine[]; from: number } {
  if (lines.length <= MAX_LINES) return { lines, from };
  const held = lines.slice(-MAX_LINES);
  return { lines: held, from: held[0]?.offset ?? from };
}

export function logStep(slice: LogSlice, ...requests: readonly LogRequest[]): LogStep {
  return { slice, requests };
}

/** Follows the end of the log. */
export function followEnd(slice: LogSlice): LogStep {
  const next = { ...slice, follow: true, unseen: 0 };
  return next.atEnd ? logStep(next) : requestPage(next, { kind: 'end' });
}

/** Requests lines, one page at a time. */
export function requestPage(
  slice: LogSlice,
  request: LogRequest & { kind: NonNullable<LogSlice['reading']> },
): LogStep {
  const isUrgent = request.kind === 'end' || request.kind === 'around';
  return slice.reading === undefined || isUrgent
    ? logStep({ ...slice, reading: request.kind }, request)
    : logStep(slice);
}

/** Few lines may pass the filter. Requests older lines until the screen is full or the limit is reached. */
export function fillScreen(slice: LogSlice, view: LogView, max: number): LogStep {
  const isFew = slice.shown.length < view.rows && slice.lines.length < max;
  return isFew && slice.from > 0 ? requestPage(slice, { kind: 'older', before: slice.from }) : logStep(slice);
}
