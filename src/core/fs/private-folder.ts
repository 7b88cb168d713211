import { chmodSync, closeSync, fsyncSync, lstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder of ours, mode 0700 under any umask; leaves one that is there. Makes nothing above it: a home that was
 * removed is not brought back, without its jobs, by whoever still has it open.
 * @throws what the system throws, such as ENOENT where the folder above is missing
 */
export function makePrivateFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(folder, { mode: 0o700 });
    // mkdir takes away what the umask says, and a umask of 0777 would lock us out.
    if ((lstatSync(folder).mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/**
 * {@link makePrivateFolder} with what is missing above it, all of it brought to the disk: what is written into a folder is lost
 * with the power if the folder is. Not by mkdir's `recursive`, which turns for ever where a parent is
 * there and refuses every child, as /proc does.
 */
export function makePrivateFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makePrivateFolders(dirname(folder));
  makePrivateFolder(folder);
  syncEntriesOf(dirname(folder));
}

/** As far as the system lets us: the folder above may be one in which we may make folders and not read. */
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
    // Some file systems know no sync of a folder.
  } finally {
    closeSync(fd);
  }
}
