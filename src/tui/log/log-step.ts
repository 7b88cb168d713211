import type { LogSlice, LogStep, LogView, LogWish } from './slice.ts';

export function done(slice: LogSlice, ...wishes: readonly LogWish[]): LogStep {
  return { slice, wishes };
}

/** The end in sight from now on. */
export function following(slice: LogSlice): LogStep {
  const next = { ...slice, follow: true, unseen: 0 };
  return next.atEnd ? done(next) : wishing(next, { kind: 'end' });
}

/** Asks for lines, one page at a time. */
export function wishing(
  slice: LogSlice,
  wish: LogWish & { kind: NonNullable<LogSlice['reading']> },
): LogStep {
  const isUrgent = wish.kind === 'end' || wish.kind === 'around';
  return slice.reading === undefined || isUrgent ? done({ ...slice, reading: wish.kind }, wish) : done(slice);
}

/** Lines that pass a filter may be few: more of the log is read until the screen is full, or enough is held. */
export function filled(slice: LogSlice, view: LogView, most: number): LogStep {
  const isFew = slice.shown.length < view.rows && slice.lines.length < most;
  return isFew && slice.from > 0 ? wishing(slice, { kind: 'older', before: slice.from }) : done(slice);
}
