import type { QuickscrapeError } from '../lib/errors.ts';

let listener: ((error: QuickscrapeError) => void) | undefined;

/**
 * Registers `tell`, which is called when this process loses its connection to a database. It is for processes that
 * would otherwise run on for long. It is separate from the database: a server registers before it has opened one.
 */
export function onDetached(tell: (error: QuickscrapeError) => void): void {
  listener = tell;
}

export function notifyDetached(error: QuickscrapeError): void {
  listener?.(error);
}
