import { type DiskContext, describeDiskSpace, diskSpace } from '../jobs/disk-space.ts';
import type { Clock } from '../lib/clock.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Says whether the disk has room for runs to start, and logs each change of that once.
 * @param onFreed called when there is room again, with the instant since which there was none, epoch ms; when it
 *   throws, the change is told of again at the next look
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
