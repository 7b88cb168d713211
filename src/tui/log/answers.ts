import { goTo, nextHit } from './find-in-log.ts';
import type { LogPage } from './log-source.ts';
import { done, filled, following, wishing } from './log-step.ts';
import { indexAt } from './scroll.ts';
import { type LogEvent, type LogSlice, type LogStep, type LogView, MOST_LINES } from './slice.ts';
import { withAdded, withAround, withNewer, withOlder, withPage } from './window.ts';

type LogAnswer = Extract<
  LogEvent,
  {
    kind: 'end' | 'renewed' | 'added' | 'older' | 'newer' | 'around' | 'found' | 'first_error' | 'unreadable';
  }
>;

/** What comes of a log's answers; one that nobody waits for any more changes nothing. */
export function answerToLog(slice: LogSlice, view: LogView, event: LogAnswer): LogStep {
  switch (event.kind) {
    case 'end':
      return filled({ ...withPage(slice, event.page), reading: undefined, unseen: 0 }, view, MOST_LINES / 5);
    case 'renewed':
      return renewed(slice, event.page);
    case 'added':
      return followed(withAdded(slice, event.page));
    case 'older':
      return slice.reading === 'older'
        ? filled({ ...withOlder(slice, event.page), reading: undefined }, view, MOST_LINES / 5)
        : done(slice);
    case 'newer':
      return slice.reading === 'newer'
        ? done({ ...withNewer(slice, event.page), reading: undefined })
        : done(slice);
    case 'around':
      if (slice.reading !== 'around') return done(slice);
      return goTo(
        { ...withAround(slice, event.before, event.after), reading: undefined },
        view,
        event.offset,
      );
    case 'found': {
      const { search, filter } = slice;
      const isMeant =
        search?.wanted === event.wanted && JSON.stringify(filter) === JSON.stringify(event.filter);
      if (search === undefined || !isMeant) return done(slice);
      return nextHit({ ...slice, search: { ...search, hits: event.hits, whole: true } }, view, 1);
    }
    case 'first_error':
      return event.offset === undefined ? done(slice) : goTo(slice, view, event.offset);
    case 'unreadable':
      return done({ ...slice, reading: undefined, problem: event.problem });
    default:
      return event satisfies never;
  }
}

/** What is followed is read anew when lines are missing. */
function followed(slice: LogSlice): LogStep {
  return slice.follow && !slice.atEnd ? wishing(slice, { kind: 'end' }) : done(slice);
}

/** The file is another one, or its bytes lie elsewhere: the same line is looked for in what is there now. */
function renewed(slice: LogSlice, page: LogPage): LogStep {
  const { search, filter } = slice;
  const top = slice.shown[indexAt(slice.shown, slice.top.offset)];
  const next = withPage(
    { ...slice, search: search && { ...search, whole: false, at: null }, renewed: true },
    page,
  );
  const again = search?.whole ? [{ kind: 'search' as const, wanted: search.wanted, filter }] : [];
  if (slice.follow || top === undefined) return { ...following({ ...next, reading: undefined }), wishes: [] };
  const same = next.shown.find(({ at, text }) => at === top.at && text === top.text);
  const place = { offset: same?.offset ?? next.shown[0]?.offset ?? 0, row: 0 };
  return done({ ...next, reading: undefined, top: place }, ...again);
}
