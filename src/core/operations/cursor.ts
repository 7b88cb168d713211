import { invalidCursor } from '../model/arguments.ts';

/** Wraps the id after which the next page begins; callers hand it back as it is. */
export function makeCursor(after: string): string {
  return Buffer.from(JSON.stringify({ after })).toString('base64url');
}

/** @throws QuickscrapeError `invalid_params` for anything that {@link makeCursor} did not make. */
export function readCursor(cursor: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as { after?: unknown };
    if (typeof after === 'string') return after;
  } catch {
    // Said below.
  }
  throw invalidCursor();
}
