import { hash } from 'node:crypto';
import { QuickscrapeError } from '../lib/errors.ts';
import { invalidCursor } from '../model/input-errors.ts';

/**
 * Encodes where a page ends, for the next call.
 * @param call what the next call must have in common with this one, as JSON
 * @param position whole numbers from 0, or one text such as the last id
 */
export function makePageCursor(call: unknown, position: readonly number[] | readonly [string]): string {
  return Buffer.from(JSON.stringify([bindingOf(call), ...position])).toString('base64url');
}

/**
 * Returns the position in a cursor.
 * @param length how many numbers it has
 * @throws QuickscrapeError `invalid_params` for any other text, and for the cursor of another call
 */
export function readPageCursor(cursor: string, call: unknown, length: number): number[] {
  const [binding, ...position] = parseCursor(cursor);
  const isPosition =
    position.length === length && position.every((at) => Number.isSafeInteger(at) && Number(at) >= 0);
  if (!isPosition) throw invalidCursor();
  assertBinding(binding, call);
  return position as number[];
}

/**
 * Returns the text in a cursor whose position is one text.
 * @throws QuickscrapeError `invalid_params` for any other text, and for the cursor of another call
 */
export function readTextCursor(cursor: string, call: unknown): string {
  const [binding, text, ...rest] = parseCursor(cursor);
  if (typeof text !== 'string' || rest.length > 0) throw invalidCursor();
  assertBinding(binding, call);
  return text;
}

function assertBinding(binding: unknown, call: unknown): void {
  if (typeof binding !== 'string') throw invalidCursor();
  if (binding !== bindingOf(call)) throw cursorOfOtherCall();
}

const MAX_CURSOR_CHARACTERS = 1_000;

function parseCursor(cursor: string): unknown[] {
  if (cursor.length > MAX_CURSOR_CHARACTERS) throw invalidCursor();
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts)) return parts;
  } catch {
    // The error is thrown below.
  }
  throw invalidCursor();
}

function bindingOf(call: unknown): string {
  return hash('sha256', JSON.stringify(call), 'base64url').slice(0, 8);
}

/** The error for a cursor that does not continue this call, or whose data has changed meanwhile. */
export function cursorOfOtherCall(): QuickscrapeError {
  return new QuickscrapeError('invalid_params', 'cursor: it continues another call', {
    field: 'cursor',
    hint: 'Repeat the other fields of the call that gave it (limit may differ), or leave cursor out to start again.',
  });
}
