import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFolder } from '../lib/list-folder.ts';
import { currentUserId } from './platform.ts';
import { pidExists } from './process-table.ts';

/**
 * Creates a private temporary folder for this process: `<prefix><pid>-<random>`. The caller must remove it. Folders of
 * killed processes are removed first.
 * @param prefix of all such folders, such as `quickscrape-browser-`
 */
export function makeProcessTempFolder(prefix: string): string {
  removeStaleTempFolders(prefix);
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Removes only folders of this user. */
function removeStaleTempFolders(prefix: string): void {
  for (const name of listFolder(tmpdir())) {
    const pid = Number((name.startsWith(prefix) && /^(\d+)-/.exec(name.slice(prefix.length))?.[1]) || 0);
    const folder = join(tmpdir(), name);
    if (pid > 0 && !pidExists(pid) && isOwnedByUser(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isOwnedByUser(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  const me = currentUserId();
  return stats?.isDirectory() === true && (me === undefined || stats.uid === me);
}
