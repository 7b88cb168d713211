import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { replaceControlCharacters } from '../lib/sanitize-text.ts';

const CHUNK_BYTES = 1 << 20;

/** One multi-byte UTF-8 character, as Latin-1. */
const CHARACTER = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;

/**
 * Several such characters, or a control character, including C1 controls, which act only in terminals without UTF-8.
 */
const UNSAFE = new RegExp(`(?:${CHARACTER.source}){1,100}|\\r(?!\\n)|(?![\\t\\n\\r])\\p{Cc}`, 'gu');

/** An incomplete character at the end, as Latin-1: its remaining bytes may follow. */
const INCOMPLETE_END = /(?:\r|[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})$/;

/**
 * Removes control and invisible characters from a log, whichever program wrote them. Each of their bytes becomes `?`; a
 * lone carriage return becomes a line feed. It overwrites bytes in place and moves none, so programs may continue to
 * append.
 * @param from the offset in bytes up to which the log is already clean
 * @returns the offset up to which it is clean now; an incomplete last character is left for the next call
 * @throws system errors
 */
export function sanitizeLog(file: string, from = 0): number {
  const fd = openSync(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    const { size } = fstatSync(fd);
    // The log was truncated.
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
  // Most sequences contain no control characters, and checking each character takes ten times as long.
  return hasControlCharacter(suspect)
    ? suspect.replace(CHARACTER, (one) => (hasControlCharacter(one) ? '?'.repeat(one.length) : one))
    : suspect;
}

function hasControlCharacter(characters: string): boolean {
  const read = Buffer.from(characters, 'latin1').toString();
  return replaceControlCharacters(read) !== read;
}
