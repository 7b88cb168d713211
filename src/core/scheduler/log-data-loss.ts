import { recentDataLoss } from '../database/recovery/data-loss.ts';
import type { Workspace } from '../workspace.ts';
import { schedulerSeenAt } from './downtime.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** A scheduler that starts logs what the database has lost since one was there last: another command may have found it. */
export function logDataLoss({ db, paths }: Workspace, now: number, log: SchedulerLog): void {
  const dataLoss = recentDataLoss(db, paths.database, now);
  if (dataLoss !== undefined && dataLoss.at >= (schedulerSeenAt(db) ?? 0)) log('error', dataLoss.text);
}
