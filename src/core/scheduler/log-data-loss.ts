import { recentDataLoss } from '../database/recovery/data-loss.ts';
import type { Workspace } from '../workspace.ts';
import { schedulerSeenAt } from './downtime.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Logs at a scheduler's start what the database has lost since a scheduler last ran: another command may have found the
 * loss.
 */
export function logDataLoss({ db, paths }: Workspace, now: number, log: SchedulerLog): void {
  const dataLoss = recentDataLoss(db, paths.database, now);
  if (dataLoss !== undefined && dataLoss.at >= (schedulerSeenAt(db) ?? 0)) log('error', dataLoss.text);
}
