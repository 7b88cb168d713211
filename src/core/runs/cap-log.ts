import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

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
