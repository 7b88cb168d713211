import { currentTop, indexAt, isAfter, lastTop, maxLeft, moveTop } from './log-rows.ts';
import {
  applyFilter,
  fillScreen,
  findHits,
  followEnd,
  logStep,
  requestPage,
  withAdded,
  withAround,
  withNewer,
  withOlder,
  withPage,
} from './log-window.ts';
import {
  type LogEvent,
  type LogFilter,
  type LogPage,
  type LogSlice,
  type LogStep,
  type LogView,
  MAX_LINES,
} from './model.ts';

/** The step for an event in the open log. Pure. */
export function reduceLog(slice: LogSlice, view: LogView, event: LogEvent): LogStep {
  switch (event.kind) {
    case 'scroll':
      return scrolled(slice, view, event.rows);
    case 'start':
      return toStart(slice, view);
    case 'bottom':
      return followEnd(slice);
    case 'follow':
      return slice.follow
        ? logStep({ ...slice, follow: false, top: currentTop(slice, view) })
        : followEnd(slice);
    case 'sideways': {
      const wanted = event.cells === 0 ? 0 : slice.left + event.cells;
      return logStep({ ...slice, left: Math.max(0, Math.min(wanted, maxLeft(slice, view))) });
    }
    case 'wrap':
      return logStep({ ...slice, wrap: !slice.wrap, left: 0, top: { ...slice.top, row: 0 } });
    case 'timestamps':
      return logStep({ ...slice, timestamps: !slice.timestamps, top: { ...slice.top, row: 0 } });
    case 'level':
      return filtered(slice, view, { ...slice.filter, minLevel: event.minLevel });
    case 'filter':
      return filtered(slice, view, { ...slice.filter, text: event.text });
    case 'wanted':
      return logStep(withSearch(slice, event.text));
    case 'search':
      return startSearch(slice, view);
    case 'hit':
      return nextHit(slice, view, event.direction);
    case 'to_error':
      return toError(slice, view);
    default:
      return answerToLog(slice, view, event);
  }
}

function scrolled(slice: LogSlice, view: LogView, rows: number): LogStep {
  const top = moveTop(slice, view, rows);
  const last = lastTop(slice, view);
  const isLast = !isAfter(last, top);
  // A log that fits on the screen is not scrolled, so following continues.
  const next = {
    ...slice,
    top,
    follow: slice.follow && isLast,
    unseen: isLast && slice.atEnd ? 0 : slice.unseen,
  };
  const index = indexAt(slice.shown, top.offset);
  if (rows < 0 && index < view.rows && slice.from > 0) {
    // Older lines are about to be added, so the current last rows are no longer the end.
    return requestPage({ ...next, follow: false }, { kind: 'older', before: slice.from });
  }
  if (rows > 0 && isLast && !slice.atEnd) return requestPage(next, { kind: 'newer', after: slice.until });
  return logStep(next);
}

function toStart(slice: LogSlice, view: LogView): LogStep {
  if (slice.from > 0) return requestPage({ ...slice, follow: false }, { kind: 'around', offset: 0 });
  return scrolled(slice, view, -Number.MAX_SAFE_INTEGER);
}

function filtered(slice: LogSlice, view: LogView, filter: LogFilter): LogStep {
  const { search } = slice;
  const next = applyFilter({
    ...slice,
    filter,
    search: search && { ...search, isComplete: false, at: null },
  });
  return fillScreen({ ...next, top: { ...slice.top, row: 0 } }, view, 2_000);
}

function toError(slice: LogSlice, view: LogView): LogStep {
  const filter: LogFilter = { ...slice.filter, minLevel: 'error' };
  if (slice.from > 0) return logStep(slice, { kind: 'first_error', filter });
  const first = slice.shown.find(({ level }) => level === 'error');
  if (first === undefined)
    return slice.atEnd ? logStep(slice) : logStep(slice, { kind: 'first_error', filter });
  return scrollToLine(slice, view, first.offset);
}

type LogAnswer = Extract<
  LogEvent,
  {
    kind: 'end' | 'renewed' | 'added' | 'older' | 'newer' | 'around' | 'found' | 'first_error' | 'unreadable';
  }
>;

/** The step for a log answer. A stale answer changes nothing. */
function answerToLog(slice: LogSlice, view: LogView, event: LogAnswer): LogStep {
  switch (event.kind) {
    case 'end':
      return fillScreen(
        { ...withPage(slice, event.page), reading: undefined, unseen: 0 },
        view,
        MAX_LINES / 5,
      );
    case 'renewed':
      return renewed(slice, event.page);
    case 'added':
      return afterFollow(withAdded(slice, event.page));
    case 'older':
      return slice.reading === 'older'
        ? fillScreen({ ...withOlder(slice, event.page), reading: undefined }, view, MAX_LINES / 5)
        : logStep(slice);
    case 'newer':
      return slice.reading === 'newer'
        ? logStep({ ...withNewer(slice, event.page), reading: undefined })
        : logStep(slice);
    case 'around':
      if (slice.reading !== 'around') return logStep(slice);
      return scrollToLine(
        { ...withAround(slice, event.before, event.after), reading: undefined },
        view,
        event.offset,
      );
    case 'found': {
      const { search, filter } = slice;
      const isExpected =
        search?.query === event.query && JSON.stringify(filter) === JSON.stringify(event.filter);
      if (search === undefined || !isExpected) return logStep(slice);
      return nextHit({ ...slice, search: { ...search, hits: event.hits, isComplete: true } }, view, 1);
    }
    case 'first_error':
      return event.offset === undefined ? logStep(slice) : scrollToLine(slice, view, event.offset);
    case 'unreadable':
      return logStep({ ...slice, reading: undefined, problem: event.problem });
    default:
      return event satisfies never;
  }
}

/** While following, reads the end again when lines are missing. */
function afterFollow(slice: LogSlice): LogStep {
  return slice.follow && !slice.atEnd ? requestPage(slice, { kind: 'end' }) : logStep(slice);
}

/** Handles a replaced file or moved bytes. The top line is searched for in the new content. */
function renewed(slice: LogSlice, page: LogPage): LogStep {
  const { search, filter } = slice;
  const top = slice.shown[indexAt(slice.shown, slice.top.offset)];
  const next = withPage(
    { ...slice, search: search && { ...search, isComplete: false, at: null }, renewed: true },
    page,
  );
  const again = search?.isComplete ? [{ kind: 'search' as const, query: search.query, filter }] : [];
  if (slice.follow || top === undefined)
    return { ...followEnd({ ...next, reading: undefined }), requests: [] };
  const same = next.shown.find(({ at, text }) => at === top.at && text === top.text);
  const place = { offset: same?.offset ?? next.shown[0]?.offset ?? 0, row: 0 };
  return logStep({ ...next, reading: undefined, top: place }, ...again);
}

/** The slice with this search; an empty query ends the search. It covers only the lines in memory. */
function withSearch(slice: LogSlice, query: string): LogSlice {
  if (query === '') return { ...slice, search: undefined };
  const hits = findHits(slice.shown, query);
  return { ...slice, search: { query, hits, isComplete: slice.from === 0 && slice.atEnd, at: null } };
}

/** Searches the whole log for the typed query, and goes to the first match from the top of the screen. */
function startSearch(slice: LogSlice, view: LogView): LogStep {
  const { search, filter } = slice;
  if (search === undefined) return logStep(slice);
  return search.isComplete
    ? nextHit(slice, view, 1)
    : logStep(slice, { kind: 'search', query: search.query, filter });
}

/** Goes to the next or previous match, and wraps around at the ends. */
function nextHit(slice: LogSlice, view: LogView, direction: 1 | -1): LogStep {
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
function scrollToLine(slice: LogSlice, view: LogView, offset: number): LogStep {
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
