import { type DiskContext, describeDiskSpace, diskSpace } from '../fs/disk-space.ts';
import type { Clock } from '../lib/clock.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Creates a function that checks whether the disk has enough space for runs to start. It logs each change once.
 * @param onFreed called when there is enough space again, with the start of the shortage in epoch ms; when it throws,
 *   the next check reports the change again
 */
export function monitorDiskSpace(
  context: DiskContext & { clock: Pick<Clock, 'now'> },
  log: SchedulerLog,
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
