import { open, rename, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** An open file, as far as a durable replace needs it. */
export interface OpenFile {
  chmod(mode: number): Promise<void>;
  writeFile(data: string | Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The calls of a durable replace. Two implementations: the system's here, and one in the tests that fails at the
 * k-th call, as a full or broken disk does.
 */
export interface FileSystem {
  open(path: string, flags: string, mode: number): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode) => open(path, flags, mode),
  rename: process.platform === 'win32' ? patientRename : rename,
  remove: unlink,
};

/** On Windows a virus scanner may hold the target for a moment. */
async function patientRename(from: string, to: string): Promise<void> {
  for (let wait = 10; ; wait *= 2) {
    try {
      return await rename(from, to);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (wait > 1000 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
      await delay(wait);
    }
  }
}
