import { includesText, matchesFilter } from './log-filter.ts';
import type { LogLine, LogPage } from './model.ts';

import { type LogSlice, MAX_LINES } from './model.ts';

/** The slice with the lines of a page alone. */
export function withPage(slice: LogSlice, page: LogPage): LogSlice {
  return applyFilter({
    ...slice,
    ...newest(page.lines, page.from),
    until: page.until,
    unfinished: page.unfinished,
    atEnd: true,
    problem: undefined,
  });
}

/** The slice with what was written at the end of the log; only counted while that is out of what is held. */
export function withAdded(slice: LogSlice, page: LogPage): LogSlice {
  const isNew = (line: LogLine) =>
    matchesFilter(line, slice.filter) && (!slice.atEnd || line.offset >= slice.until);
  const fresh = page.lines.filter(isNew);
  const last = page.unfinished !== undefined && isNew(page.unfinished) ? [page.unfinished] : [];
  const next = {
    ...slice,
    search: withHits(slice.search, slice.atEnd ? slice.until : page.from, [...fresh, ...last]),
    unseen: slice.follow ? 0 : slice.unseen + fresh.length,
  };
  if (!slice.atEnd || page.until < slice.until) return next;
  // Between what is held and what was read something is missing.
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

/** The slice with the lines before those that are held; what is too many then is let go at the end. */
export function withOlder(slice: LogSlice, page: LogPage): LogSlice {
  if (page.until !== slice.from) return slice;
  const lines = page.lines.concat(slice.lines);
  if (lines.length <= MAX_LINES) return applyFilter({ ...slice, lines, from: page.from });
  // More than is held at once: of the page only what lies next to the old lines.
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

/** The slice with the lines after those that are held. */
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
    atEnd: isWhole && until + (page.unfinished?.bytes ?? 0) >= page.size,
  });
}

/** The slice with the lines of two pages that meet at a place. */
export function withAround(slice: LogSlice, before: LogPage, after: LogPage): LogSlice {
  const older = before.lines.slice(-MAX_LINES / 2);
  const empty = { ...slice, lines: older, from: older[0]?.offset ?? before.until, until: before.until };
  return withNewer({ ...empty, unfinished: undefined, atEnd: false }, after);
}

/** The lines that pass the filter now, and the hits among them while only these were searched. */
export function applyFilter(slice: LogSlice): LogSlice {
  const all = slice.unfinished === undefined ? slice.lines : [...slice.lines, slice.unfinished];
  const shown = all.filter((line) => matchesFilter(line, slice.filter));
  const { search } = slice;
  if (search === undefined || search.isComplete) return { ...slice, shown };
  return { ...slice, shown, search: { ...search, hits: findHits(shown, search.query) } };
}

/** Where the lines begin that have a text. */
export function findHits(lines: readonly LogLine[], query: string): number[] {
  return lines.filter(({ text }) => includesText(text, query)).map(({ offset }) => offset);
}

/** The line that begins at `from` may have been known while it was shorter. */
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
