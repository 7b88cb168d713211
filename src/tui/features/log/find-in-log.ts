import { currentTop, isAfter, lastTop, moveTop } from './log-scroll.ts';
import { logStep, requestPage } from './log-step.ts';
import { findHits } from './log-window.ts';
import type { LogSlice, LogStep, LogView } from './model.ts';

/** The slice with this search; an empty query ends the search. It covers only the lines in memory. */
export function withSearch(slice: LogSlice, query: string): LogSlice {
  if (query === '') return { ...slice, search: undefined };
  const hits = findHits(slice.shown, query);
  return { ...slice, search: { query, hits, isComplete: slice.from === 0 && slice.atEnd, at: null } };
}

/** Searches the whole log for the typed query, and goes to the first match from the top of the screen. */
export function startSearch(slice: LogSlice, view: LogView): LogStep {
  const { search, filter } = slice;
  if (search === undefined) return logStep(slice);
  return search.isComplete
    ? nextHit(slice, view, 1)
    : logStep(slice, { kind: 'search', query: search.query, filter });
}

/** Goes to the next or previous match, and wraps around at the ends. */
export function nextHit(slice: LogSlice, view: LogView, direction: 1 | -1): LogStep {
  const { search } = slice;
  if (search === undefined || search.hits.length === 0) return logStep(slice);
  const { hits, at } = search;
  const here = at ?? currentTop(slice, view).offset - (direction === 1 ? 1 : 0);
  const next =
    direction === 1
      ? (hits.find((offset) => offset > here) ?? hits[0])
      : (hits.findLast((offset) => offset < here) ?? hits.at(-1));
  if (next === undefined) return logStep(slice);
  return scrollToLine({ ...slice, search: { ...search, at: next } }, view, next);
}

/** Scrolls a line into sight, a third of the screen below the top. */
export function scrollToLine(slice: LogSlice, view: LogView, offset: number): LogStep {
  const isHeld = offset >= slice.from && (offset < slice.until || offset === slice.unfinished?.offset);
  const next = { ...slice, follow: false };
  if (!isHeld) return requestPage(next, { kind: 'around', offset });
  const top = moveTop(next, view, -Math.floor(view.rows / 3), { offset, row: 0 });
  const isLast = slice.atEnd && !isAfter(lastTop(next, view), top);
  return logStep({ ...next, top, unseen: isLast ? 0 : slice.unseen });
}

/** `3 of 17`; `17+` while only the lines in memory were searched. */
export function formatHitPosition({ hits, at, isComplete }: NonNullable<LogSlice['search']>): string {
  const count = `${hits.length.toLocaleString('en-US')}${isComplete ? '' : '+'}`;
  const place = at === null ? -1 : hits.indexOf(at);
  return place < 0 ? `${count} found` : `${(place + 1).toLocaleString('en-US')} of ${count}`;
}
