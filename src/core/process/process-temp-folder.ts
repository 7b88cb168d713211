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
 * @param maxBytes of its path, for programs that make sockets in it. If `TMPDIR` is too long for that, it is below `/tmp`.
 *   Windows has no such limit
 */
export function makeProcessTempFolder(prefix: string, maxBytes = Number.POSITIVE_INFINITY): string {
  const name = `${prefix}${process.pid}-`;
  const fits = Buffer.byteLength(join(tmpdir(), `${name}XXXXXX`)) <= maxBytes;
  const base = fits || process.platform === 'win32' ? tmpdir() : '/tmp';
  removeStaleTempFolders(base, prefix);
  return mkdtempSync(join(base, name));
}

/** Removes only folders of this user. */
function removeStaleTempFolders(base: string, prefix: string): void {
  for (const name of listFolder(base)) {
    const pid = Number((name.startsWith(prefix) && /^(\d+)-/.exec(name.slice(prefix.length))?.[1]) || 0);
    const folder = join(base, name);
    if (pid > 0 && !pidExists(pid) && isOwnedByUser(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isOwnedByUser(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  const me = currentUserId();
  return stats?.isDirectory() === true && (me === undefined || stats.uid === me);
}
