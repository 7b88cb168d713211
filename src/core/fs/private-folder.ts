import { chmodSync, closeSync, fsyncSync, lstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a private folder, mode 0700 under any umask; an existing one stays unchanged. Creates no parent folders: a
 * process that still has a removed home open must not create it again, without its jobs.
 * @throws NodeJS.ErrnoException, such as ENOENT where the parent folder is missing
 */
export function makePrivateFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(folder, { mode: 0o700 });
    // The umask reduces mkdir's mode, and a umask of 0777 would lock this process out.
    if ((lstatSync(folder).mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/**
 * {@link makePrivateFolder} with all missing parents. All of them are synced to the disk: the files in a folder are
 * lost in a power loss if the folder itself is. It does not use mkdir's `recursive`, which loops forever where a
 * parent exists and rejects every child, as /proc does.
 */
export function makePrivateFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makePrivateFolders(dirname(folder));
  makePrivateFolder(folder);
  syncEntriesOf(dirname(folder));
}

/** Ignores errors: this process may have permission to create folders in the parent, but not to read it. */
function syncEntriesOf(folder: string): void {
  let fd: number;
  try {
    fd = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } catch {
    // Some file systems do not support the sync of a folder.
  } finally {
    closeSync(fd);
  }
}
