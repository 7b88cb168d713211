import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { replaceControlCharacters } from '../lib/control-characters.ts';

const CHUNK_BYTES = 1 << 20;

/** In Latin-1: what is one character in UTF-8. */
const CHARACTER = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;
/** Several of them, or a control, also one that only a terminal without UTF-8 knows. */
const UNSAFE = new RegExp(`(?:${CHARACTER.source}){1,100}|\\r(?!\\n)|(?![\\t\\n\\r])\\p{Cc}`, 'gu');
/** What more bytes may belong to, in Latin-1. */
const INCOMPLETE_END = /(?:\r|[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})$/;

/**
 * Takes from a log what a terminal may act upon or what hides in a text, whoever wrote it: each byte of it becomes `?`,
 * and a carriage return alone a line feed. In place and without moving anything, so programs may go on appending.
 * @param from up to where it is clean, in bytes
 * @returns up to where it is clean now: a character that has not been written to its end is left for the next time
 * @throws what the system throws
 */
export function sanitizeLog(file: string, from = 0): number {
  const fd = openSync(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    const { size } = fstatSync(fd);
    // Shorter than it was: somebody has cut it.
    let at = from > size ? 0 : from;
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, size - at));
    while (at < size) {
      const bytes = buffer.subarray(0, readSync(fd, buffer, 0, Math.min(buffer.length, size - at), at));
      const text = bytes.toString('latin1');
      const whole = text.slice(0, text.length - (INCOMPLETE_END.exec(text)?.[0].length ?? 0));
      if (whole === '') break;
      const clean = whole.replace(UNSAFE, maskBytes);
      if (clean !== whole) writeSync(fd, Buffer.from(clean, 'latin1'), 0, clean.length, at);
      at += whole.length;
    }
    return at;
  } finally {
    closeSync(fd);
  }
}

function maskBytes(suspect: string): string {
  if (suspect === '\r') return '\n';
  if (suspect.length === 1) return '?';
  // Most have nothing unseen in them, and one by one they take ten times as long.
  return hasControlCharacter(suspect)
    ? suspect.replace(CHARACTER, (one) => (hasControlCharacter(one) ? '?'.repeat(one.length) : one))
    : suspect;
}

function hasControlCharacter(characters: string): boolean {
  const read = Buffer.from(characters, 'latin1').toString();
  return replaceControlCharacters(read) !== read;
}
