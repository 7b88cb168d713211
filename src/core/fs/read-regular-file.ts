import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

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
