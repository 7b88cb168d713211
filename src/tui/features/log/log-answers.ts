import { nextHit, scrollToLine } from './find-in-log.ts';
import { indexAt } from './log-scroll.ts';
import { fillScreen, followEnd, logStep, requestPage } from './log-step.ts';
import { withAdded, withAround, withNewer, withOlder, withPage } from './log-window.ts';
import type { LogPage } from './model.ts';
import { type LogEvent, type LogSlice, type LogStep, type LogView, MAX_LINES } from './model.ts';

type LogAnswer = Extract<
  LogEvent,
  {
    kind: 'end' | 'renewed' | 'added' | 'older' | 'newer' | 'around' | 'found' | 'first_error' | 'unreadable';
  }
>;

/** The step for a log answer. A stale answer changes nothing. */
export function answerToLog(slice: LogSlice, view: LogView, event: LogAnswer): LogStep {
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
