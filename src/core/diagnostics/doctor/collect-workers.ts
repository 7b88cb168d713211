import { permissionBits } from '../../fs/file-modes.ts';
import type { HomePaths } from '../../fs/paths.ts';
import { systemClock } from '../../lib/clock.ts';
import { type InvitedWorkers, WorkerInvitations } from '../../workers/worker-invitations.ts';
import { joinWorkers, type ListedWorker } from '../../workers/worker-list.ts';
import type { WorkerRecord } from '../../workers/worker-records.ts';
import type { WorkersFacts } from './checks/check-workers.ts';

/** Reads `workers.json` and joins it with what was heard; never throws. */
export function collectWorkers(
  paths: HomePaths,
  records: readonly WorkerRecord[],
  { now, lostAfterMs }: { now: number; lostAfterMs: number },
): { file: WorkersFacts['file']; workers: ListedWorker[] } {
  const path = paths.workers;
  let invited: InvitedWorkers | undefined;
  let error: string | undefined;
  try {
    invited = new WorkerInvitations(paths, systemClock).read();
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  return {
    file: { path, mode: permissionBits(path), error },
    // Without the file nothing is known of anybody's right.
    workers: error === undefined ? joinWorkers(invited?.workers, records, { now, lostAfterMs }) : [],
  };
}
