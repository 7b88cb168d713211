import { runtimeCopyIn } from '../database/recovery/runtime-copy.ts';
import { readMetadata, writeMetadata } from '../database/schema.ts';
import { truncateList } from '../lib/text.ts';
import type { JobEntry } from '../model/job-record.ts';
import { resolveWallTime, zoneOffset } from '../schedule/engine/instant.ts';
import { toRecurrence } from '../schedule/engine/occurrence.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import type { ScheduleDict } from '../schedule/rule.ts';
import { zoneDataVersion } from '../schedule/zone-data.ts';
import type { Workspace } from '../workspace.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** Name of the row in `facts` that holds the last scheduler's time zone data version. */
const METADATA_KEY = 'tz_version';

/** The log names at most this many jobs and counts the others. */
const MAX_NAMED = 10;

interface Decided {
  id: string;
  at: number;
  offset: number;
}

/**
 * Handles a change of the time zone data since the last scheduler (another version of Node). An occurrence that was
 * decided before and occurs again under the new data counts as decided. The log names the jobs whose next occurrences
 * have moved.
 */
export function handleZoneDataChange(workspace: Workspace, log: SchedulerLog): void {
  const { db } = workspace;
  const version = zoneDataVersion();
  const before = readMetadata(db, METADATA_KEY);
  if (before === version) return;
  if (before !== undefined) {
    const moved = advanceDecidedUntil(workspace);
    log('info', `time zone data ${before} → ${version}`);
    for (const id of moved)
      log(
        'warn',
        `job ${id}: the new time zone data move its last occurrence to a later time; it is not repeated`,
      );
    logMovedOccurrences(workspace, log);
  }
  writeMetadata(db, METADATA_KEY, version);
}

/** Marks occurrences as decided until their new, later instants; returns the jobs. */
function advanceDecidedUntil({ db, jobs }: Workspace): string[] {
  const decided = db.all<Decided>(
    `SELECT job_id AS id, decided_at AS at, decided_offset AS "offset" FROM job_state WHERE decided_at = watermark`,
  );
  const moved = decided.flatMap(({ id, at, offset }) => {
    const entry = jobs.get(id);
    const to =
      entry?.kind === 'valid' ? findMovedOccurrence(entry.record.definition.schedule, at, offset) : undefined;
    return to === undefined ? [] : [{ id, to }];
  });
  if (moved.length > 0)
    db.transaction(() => {
      for (const { id, to } of moved)
        db.run('UPDATE job_state SET watermark = max(watermark, ?) WHERE job_id = ?', [to, id]);
    });
  return moved.map(({ id }) => id);
}

function logMovedOccurrences(workspace: Workspace, log: SchedulerLog): void {
  const now = workspace.clock.now();
  const lines: string[] = [];
  for (const entries of workspace.jobs.batches())
    for (const entry of entries) lines.push(...describeMoved(entry, now));
  if (lines.length === 0) return;
  log('warn', `next occurrences moved by the new time zone data: ${truncateList(lines, MAX_NAMED)}`);
}

function describeMoved(entry: JobEntry, now: number): string[] {
  if (entry.kind !== 'valid' || !entry.record.definition.enabled) return [];
  // The last scheduler wrote this copy with its own time zone data.
  const before = runtimeCopyIn(entry.record.file, now)?.nextRun ?? undefined;
  const after = JobSchedule.fromDict(entry.record.definition.schedule).getNextRunTime(
    new Date(Math.max(now, entry.state.decidedUntil)),
  );
  if (before === undefined || before <= now || before === after?.getTime()) return [];
  return [`job ${entry.id}: ${new Date(before).toISOString()} → ${after?.toISOString() ?? 'none'}`];
}

/**
 * Finds the later instant of an occurrence that older time zone data put too early. Example: it was decided at 07:00Z,
 * as 09:00 in a zone two hours ahead. By today's data the zone is one hour ahead, so 09:00 is 08:00Z. Applies to fixed
 * times only: in a schedule that follows elapsed time, the later instant is a separate occurrence.
 * @param decided the instant at which it was decided, epoch milliseconds
 * @param offset how far the zone was ahead of UTC then, by the data of that time, in milliseconds
 * @returns the later instant, epoch milliseconds, or `undefined` when there is none
 */
export function findMovedOccurrence(rule: ScheduleDict, decided: number, offset: number): number | undefined {
  if (zoneOffset(decided, rule.timezone) === offset || toRecurrence(rule)?.fixed === false) return undefined;
  const at = resolveWallTime(decided + offset, rule.timezone);
  return at > decided ? at : undefined;
}
