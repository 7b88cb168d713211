import { statfsSync } from 'node:fs';
import type { Clock } from '../lib/clock.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { HomePaths } from './paths.ts';

/**
 * The free space of a file system. No run starts on a disk that is nearly full, so that it does not meet a full disk
 * (ENOSPC).
 */
export interface FreeSpace {
  /** Bytes that a user without privileges may write; `null` when unknown. */
  bytes: number | null;
  /** The number of files that can be created; `null` when unknown or unlimited. */
  files: number | null;
}

/** Returns the free space of the file system that contains a folder; never throws. */
export function freeSpace(folder: string): FreeSpace {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    // btrfs and others have no fixed number of files and report 0.
    return { bytes: bavail * bsize, files: files > 0 ? ffree : null };
  } catch {
    return { bytes: null, files: null };
  }
}

const MIB = 1024 * 1024;

/** The free space of the home's disk, and the space that a run needs to start, in bytes. */
interface DiskSpace {
  /** `null` when the system does not report it. */
  free: number | null;
  /** The setting `min_free_space`; 0 when it is off. */
  needed: number;
  /** Whether runs may start; true when the free space is not known. */
  enough: boolean;
}

/** The input of {@link diskSpace}; any open workspace fits. */
export interface DiskContext {
  paths: Pick<HomePaths, 'home'>;
  settings: { get(key: 'min_free_space'): number };
}

/** Measures the free space of the home's disk. */
export function diskSpace(
  { paths, settings }: DiskContext,
  freeBytes = (folder: string) => freeSpace(folder).bytes,
): DiskSpace {
  const needed = settings.get('min_free_space') * MIB;
  const free = freeBytes(paths.home);
  return { free, needed, enough: needed === 0 || free === null || free >= needed };
}

/** Describes a shortage of disk space, such as "12 MiB are free on the disk of …, 50 MiB …". */
export function describeDiskSpace({ free, needed }: DiskSpace, home: string): string {
  const mib = (bytes: number) => `${Math.floor(bytes / MIB)} MiB`;
  return `${mib(free ?? 0)} are free on the disk of ${home}, and runs start when ${mib(needed)} are (min_free_space)`;
}

/** @throws QuickscrapeError `store_unavailable` when there is less free space than a run needs to start */
export function requireDiskSpace(place: DiskContext): void {
  const space = diskSpace(place);
  if (space.enough) return;
  throw new QuickscrapeError('store_unavailable', describeDiskSpace(space, place.paths.home), {
    hint: { id: 'lower_free_space' },
  });
}

/**
 * Creates a function that checks whether the disk has enough space for runs to start. It logs each change once.
 * @param onFreed called when there is enough space again, with the start of the shortage in epoch ms; when it throws,
 *   the next check reports the change again
 */
export function monitorDiskSpace(
  context: DiskContext & { clock: Pick<Clock, 'now'> },
  log: (level: 'info' | 'warn', message: string) => void,
  onFreed: (since: number) => void,
  freeBytes?: (folder: string) => number | null,
) {
  let fullSince: number | undefined;
  return (): boolean => {
    const space = diskSpace(context, freeBytes);
    if (space.enough === (fullSince === undefined)) return space.enough;
    if (fullSince !== undefined) {
      onFreed(fullSince);
      fullSince = undefined;
      log('info', 'there is enough space on the disk again: runs start');
    } else {
      fullSince = context.clock.now();
      log('warn', `no runs start: ${describeDiskSpace(space, context.paths.home)}`);
    }
    return space.enough;
  };
}
