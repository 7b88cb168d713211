import type { QuickscrapeError } from '../lib/errors.ts';

let listener: ((error: QuickscrapeError) => void) | undefined;

/**
 * Has `tell` called when a database of this process is cut off: for a process that would go on for long without it. Here,
 * and not beside the database: a server registers before it has opened one, and answers first.
 */
export function onDetached(tell: (error: QuickscrapeError) => void): void {
  listener = tell;
}

export function notifyDetached(error: QuickscrapeError): void {
  listener?.(error);
}
