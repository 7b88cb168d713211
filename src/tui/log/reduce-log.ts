import { answerToLog } from './answers.ts';
import { goTo, nextHit, startSearch, withWanted } from './find-in-log.ts';
import { done, filled, following, wishing } from './log-step.ts';
import { farthestLeft, indexAt, isAfter, lastTop, topMoved, topOf } from './scroll.ts';
import type { LogEvent, LogSlice, LogStep, LogView } from './slice.ts';
import type { LogFilter } from './test-line.ts';
import { sifted } from './window.ts';

/** What an event makes of a log that is looked at, and what is to be read for it. Pure. */
export function reduceLog(slice: LogSlice, view: LogView, event: LogEvent): LogStep {
  switch (event.kind) {
    case 'scroll':
      return scrolled(slice, view, event.rows);
    case 'start':
      return toStart(slice, view);
    case 'bottom':
      return following(slice);
    case 'follow':
      return slice.follow ? done({ ...slice, follow: false, top: topOf(slice, view) }) : following(slice);
    case 'sideways': {
      const wanted = event.cells === 0 ? 0 : slice.left + event.cells;
      return done({ ...slice, left: Math.max(0, Math.min(wanted, farthestLeft(slice, view))) });
    }
    case 'wrap':
      return done({ ...slice, wrap: !slice.wrap, left: 0, top: { ...slice.top, row: 0 } });
    case 'timestamps':
      return done({ ...slice, timestamps: !slice.timestamps, top: { ...slice.top, row: 0 } });
    case 'level':
      return filtered(slice, view, { ...slice.filter, least: event.least });
    case 'filter':
      return filtered(slice, view, { ...slice.filter, text: event.text });
    case 'wanted':
      return done(withWanted(slice, event.text));
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
  const top = topMoved(slice, view, rows);
  const last = lastTop(slice, view);
  const isLast = !isAfter(last, top);
  // What fits on the screen is not scrolled, and goes on to be followed.
  const next = {
    ...slice,
    top,
    follow: slice.follow && isLast,
    unseen: isLast && slice.atEnd ? 0 : slice.unseen,
  };
  const index = indexAt(slice.shown, top.offset);
  if (rows < 0 && index < view.rows && slice.from > 0) {
    // The last rows of a screen that cannot be scrolled are not the end once there are lines above.
    return wishing({ ...next, follow: false }, { kind: 'older', before: slice.from });
  }
  if (rows > 0 && isLast && !slice.atEnd) return wishing(next, { kind: 'newer', after: slice.until });
  return done(next);
}

function toStart(slice: LogSlice, view: LogView): LogStep {
  if (slice.from > 0) return wishing({ ...slice, follow: false }, { kind: 'around', offset: 0 });
  return scrolled(slice, view, -Number.MAX_SAFE_INTEGER);
}

function filtered(slice: LogSlice, view: LogView, filter: LogFilter): LogStep {
  const { search } = slice;
  const next = sifted({ ...slice, filter, search: search && { ...search, whole: false, at: null } });
  return filled({ ...next, top: { ...slice.top, row: 0 } }, view, 2_000);
}

function toError(slice: LogSlice, view: LogView): LogStep {
  const filter: LogFilter = { ...slice.filter, least: 'error' };
  if (slice.from > 0) return done(slice, { kind: 'first_error', filter });
  const first = slice.shown.find(({ level }) => level === 'error');
  if (first === undefined) return slice.atEnd ? done(slice) : done(slice, { kind: 'first_error', filter });
  return goTo(slice, view, first.offset);
}
