import type { HomePaths } from '../fs/paths.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { freeSpace } from '../lib/free-space.ts';
import type { Settings } from '../settings/settings.ts';

const MIB = 1024 * 1024;

/** The free space of the home's disk, and the space that a run needs to start, in bytes. */
export interface DiskSpace {
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
  settings: Pick<Settings, 'get'>;
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
    hint: 'Free some space, or lower the limit: quickscrape config set min_free_space 10 (0 turns it off).',
  });
}
