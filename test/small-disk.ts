import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tempFolder } from './temp-folder.ts';

/** Whether this machine lets the tests mount a disk of their own (root on Linux). */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

export interface SmallDisk {
  folder: string;
  /** Takes up all free space but `leave` bytes. */
  fill(leave?: number): void;
  /** Gives the space back. */
  free(): void;
}

/** Mounts a tmpfs of `size` bytes until the test ends. */
export function smallDisk(size: number): SmallDisk {
  const folder = join(tempFolder(), 'disk');
  mkdirSync(folder);
  mountAt(folder, size);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill(leave = 0) {
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
      } catch (error) {
        // Somebody else took what was left meanwhile: as full as it can be.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || leave > 0) throw error;
      }
    },
    free: () => rmSync(ballast, { force: true }),
  };
}

/** Mounts a tmpfs of `size` bytes at a folder until the test ends. */
export function mountAt(folder: string, size = 64 * 1024): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'quickscrape-test', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
  });
}

function tryMount(): boolean {
  const folder = `/tmp/quickscrape-mount-${process.pid}`;
  try {
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'quickscrape-test', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
