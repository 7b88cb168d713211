import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pidExists } from '../../core/process/pid-exists.ts';

const PART_NAME = /^\..+\.(\d+)\.[0-9a-f]{8}\.part$/s;

/** A name for the file's next version, beside it: `.books.csv.<pid>.<random>.part`. */
export function createPartName(file: string): string {
  // A name has at most 255 bytes; a shortened one still says whose part it is.
  const name = [...basename(file)].slice(0, 40).join('');
  return join(dirname(file), `.${name}.${process.pid}.${randomBytes(4).toString('hex')}.part`);
}

/** Removes what processes that were killed half-way left in a folder. */
export async function removeStaleParts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = PART_NAME.exec(name)?.[1];
    // Another run may sweep at the same time.
    if (pid !== undefined && !pidExists(Number(pid))) await unlink(join(folder, name)).catch(() => undefined);
  }
}
