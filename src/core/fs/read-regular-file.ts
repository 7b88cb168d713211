import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A path that leads to something that cannot be read as a file, or not to its end. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly isTooLarge: boolean;

  constructor(message: string, isTooLarge = false) {
    super(message);
    this.isTooLarge = isTooLarge;
  }
}

/**
 * The bytes of a regular file. A pipe, a device or a folder is refused without waiting for it.
 * @param limit the most bytes that are taken
 * @throws UnreadableFileError when it is no regular file or larger than `limit`; else the error of the system call
 */
export function readRegularFile(path: string, limit: number): Buffer {
  // A pipe that nobody writes to would hold up a plain open.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new UnreadableFileError(`${path} is ${kindOf(stats)}, not a regular file`);
    const chunks: Buffer[] = [];
    // The size that is stated need not be the whole: files of /proc say 0.
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

/** For a descriptor that was only read from: what was read is right, whatever its closing says. */
export function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // Closed all the same: the system gives the number back before it fails.
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
