import { diskSpace, type OnDisk, spaceInWords } from '../store/disk-space.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** Says whether the disk has room for runs to start, and logs each change of that once. */
export function watchSpace(place: OnDisk, log: SchedulerLog, freeBytes?: (folder: string) => number | null) {
  let enough = true;
  return (): boolean => {
    const space = diskSpace(place, freeBytes);
    if (space.enough === enough) return enough;
    enough = space.enough;
    if (enough) log('info', 'there is enough space on the disk again: runs start');
    else log('warn', `no runs start: ${spaceInWords(space, place.paths.home)}`);
    return enough;
  };
}
