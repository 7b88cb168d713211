import type { LogRequest, LogSlice, LogStep, LogView } from './model.ts';

export function logStep(slice: LogSlice, ...requests: readonly LogRequest[]): LogStep {
  return { slice, requests };
}

/** The end in sight from now on. */
export function followEnd(slice: LogSlice): LogStep {
  const next = { ...slice, follow: true, unseen: 0 };
  return next.atEnd ? logStep(next) : requestPage(next, { kind: 'end' });
}

/** Asks for lines, one page at a time. */
export function requestPage(
  slice: LogSlice,
  request: LogRequest & { kind: NonNullable<LogSlice['reading']> },
): LogStep {
  const isUrgent = request.kind === 'end' || request.kind === 'around';
  return slice.reading === undefined || isUrgent
    ? logStep({ ...slice, reading: request.kind }, request)
    : logStep(slice);
}

/** Lines that pass a filter may be few: more of the log is read until the screen is full, or enough is held. */
export function fillScreen(slice: LogSlice, view: LogView, max: number): LogStep {
  const isFew = slice.shown.length < view.rows && slice.lines.length < max;
  return isFew && slice.from > 0 ? requestPage(slice, { kind: 'older', before: slice.from }) : logStep(slice);
}
