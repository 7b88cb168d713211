import { nextHit, scrollToLine, startSearch, withSearch } from './find-in-log.ts';
import { answerToLog } from './log-answers.ts';
import { currentTop, indexAt, isAfter, lastTop, maxLeft, moveTop } from './log-scroll.ts';
import { fillScreen, followEnd, logStep, requestPage } from './log-step.ts';
import { applyFilter } from './log-window.ts';
import type { LogEvent, LogFilter, LogSlice, LogStep, LogView } from './model.ts';

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
