import type { LogRequest, LogSlice, LogStep, LogView } from './model.ts';

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
