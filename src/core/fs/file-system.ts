import { renameSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The operations on an open file that a durable replacement needs. */
export interface OpenFile {
  chmod(mode: number): Promise<void>;
  writeFile(data: string | Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The calls of a durable replacement. There are two implementations: the real one here, and one in the tests that
 * fails at the k-th call, as a full or broken disk does.
 */
export interface FileSystem {
  open(path: string, flags: string, mode: number): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode) => open(path, flags, mode),
  rename: renameWithRetry,
  remove: unlink,
};

/**
 * Renames synchronously: no other code of this process can run between the caller's last check of the target and its
 * replacement. On Windows a virus scanner may hold the target for a moment, so the rename is retried.
 */
async function renameWithRetry(from: string, to: string): Promise<void> {
  for (let wait = 10; ; wait *= 2) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      const held = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code);
      if (!held || wait > 1000) throw error;
      await delay(wait);
    }
  }
}
