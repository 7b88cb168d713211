import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { QuickscrapeError } from '../lib/errors.ts';

/** A path leads to something that cannot be read as a file, or that is too large. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly isTooLarge: boolean;

  constructor(message: string, isTooLarge = false) {
    super(message);
    this.isTooLarge = isTooLarge;
  }
}

/**
 * Reads the bytes of a regular file. A pipe, a device or a folder is rejected without blocking.
 * @param limit the maximum size in bytes
 * @throws UnreadableFileError when it is not a regular file or is larger than `limit`; otherwise the system call's
 *   error
 */
export function readRegularFile(path: string, limit: number): Buffer {
  // A plain open would block on a pipe that no process writes to.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new UnreadableFileError(`${path} is ${kindOf(stats)}, not a regular file`);
    const chunks: Buffer[] = [];
    // The reported size may be wrong: it is 0 for files in /proc.
    for (let read = 0; read <= limit; ) {
      const chunk = Buffer.allocUnsafe(Math.min(65_536, limit + 1 - read));
      const count = readSync(file, chunk, 0, chunk.length, null);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      read += count;
    }
    throw new UnreadableFileError(`${path} is larger than ${formatSize(limit)}`, true);
  } finally {
    closeQuietly(file);
  }
}

/** Closes a descriptor that was only used for reading: an error on closing does not affect the data that was read. */
export function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It is closed anyway: the system releases the number before it fails.
  }
}

function kindOf(stats: ReturnType<typeof fstatSync>): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function formatSize(bytes: number): string {
  return bytes < 1_048_576 ? `${bytes / 1024} KB` : `${bytes / 1_048_576} MB`;
}

/**
 * Decodes the text of a YAML file. Bytes that are not UTF-8 are an error: if they were dropped, they would silently
 * change a selector or an address. A byte order mark stays.
 * @param file the name in messages
 * @throws QuickscrapeError `invalid_config` with the position of the first such byte
 */
export function decodeYaml(bytes: Uint8Array, file: string): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (isUtf8(bytes)) return text;
  const { at, byte } = findInvalidByte(bytes, text);
  const before = text.slice(0, at).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  const message = `the byte 0x${byte.toString(16).padStart(2, '0').toUpperCase()} is not UTF-8`;
  const hint = 'Save the file with the encoding UTF-8.';
  throw new QuickscrapeError('invalid_config', `${file}:${line}:${column}: ${message}`, {
    hint,
    issues: [{ path: '', message, file, line, column, hint }],
  });
}

/** Decoding replaces invalid bytes with U+FFFD; a U+FFFD that the file contains consists of three valid bytes. */
function findInvalidByte(bytes: Uint8Array, text: string): { at: number; byte: number } {
  let [from, offset] = [0, 0];
  for (;;) {
    const at = text.indexOf('\uFFFD', from);
    if (at < 0) return { at: text.length, byte: bytes.at(-1) ?? 0 };
    offset += Buffer.byteLength(text.slice(from, at));
    const [first = 0, second, third] = bytes.subarray(offset, offset + 3);
    if (first !== 0xef || second !== 0xbf || third !== 0xbd) return { at, byte: first };
    offset += 3;
    from = at + 1;
  }
}

/** Returns a file's text; `undefined` when it cannot be read. */
export function tryReadText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
