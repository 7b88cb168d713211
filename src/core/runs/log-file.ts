import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { replaceControlCharacters } from '../lib/sanitize-text.ts';

/** How much of an oversized log is kept at its beginning and its end, in bytes. */
interface LogCap {
  head: number;
  tail: number;
}

/** Limits of a run's log: its beginning and its end. */
export const RUN_LOG_CAP: LogCap = { head: 1 << 20, tail: 4 << 20 };

/** Limit of the copy passes, for a writer that appends without a pause. */
const MAX_PASSES = 20;

const DROPPED = /^\[\.\.\. (\d+) bytes dropped \.\.\.\]\n/;

/**
 * Cuts the middle out of a log that has exceeded its cap, in place. Programs that append to it, also through inherited
 * descriptors, continue after the cut. A line gives the total size of all cuts. Lines that others append during the cut
 * may be lost. The log may then grow by half of its tail before the next cut.
 * @returns whether it was cut
 */
export function capLog(file: string, { head, tail }: LogCap = RUN_LOG_CAP): boolean {
  const fd = openSync(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  try {
    const { size } = fstatSync(fd);
    if (size <= head + tail + tail / 2) return false;
    const start = findLineEnd(fd, head, size);
    const end = findLineEnd(fd, size - tail, size);
    const [earlier = '', before = '0'] = DROPPED.exec(read(fd, start, 64).toString('latin1')) ?? [];
    const dropped = Number(before) + end - start - earlier.length;
    const kept = read(fd, end, fstatSync(fd).size - end);
    const marker = Buffer.from(`[... ${dropped} bytes dropped ...]\n`);
    let at = writeAll(fd, Buffer.concat([marker, kept]), start);
    // While this much is written, other processes may append more.
    for (let seen = end + kept.length, looks = 0; looks < MAX_PASSES; looks += 1) {
      const more = read(fd, seen, fstatSync(fd).size - seen);
      if (more.length === 0) break;
      at = writeAll(fd, more, at);
      seen += more.length;
    }
    ftruncateSync(fd, at);
    return true;
  } finally {
    closeSync(fd);
  }
}

/** @returns the position after the written bytes */
function writeAll(fd: number, bytes: Buffer, position: number): number {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
  return position + bytes.length;
}

/** Returns where the line at `offset` ends; `offset` itself when the end is more than 64 KiB away. */
function findLineEnd(fd: number, offset: number, size: number): number {
  const newline = read(fd, offset, Math.min(65_536, size - offset)).indexOf(0x0a);
  return newline < 0 ? offset : offset + newline + 1;
}

function read(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const count = readSync(fd, bytes, got, length - got, offset + got);
    if (count === 0) break;
    got += count;
  }
  return bytes.subarray(0, got);
}

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
