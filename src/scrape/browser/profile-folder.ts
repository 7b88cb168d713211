import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pidExists } from '../../core/process/pid-exists.ts';
import { namesIn } from '../../core/store/names-in.ts';

const PREFIX = 'quickscrape-browser-';

/** A folder for all that a browser of this process writes; nobody else can read it. */
export function makeProfileFolder(): string {
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Removes folders of this user whose process is gone: it was killed, together with what cleans up after it. */
export function sweepProfileFolders(): void {
  for (const name of namesIn(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? 0);
    const folder = join(tmpdir(), name);
    if (pid > 0 && !pidExists(pid) && isOwn(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isOwn(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && (process.getuid === undefined || stats.uid === process.getuid());
}
