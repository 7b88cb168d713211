import { chmodSync, copyFileSync, lstatSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { recentDataLoss } from '../database/recovery/data-loss.ts';
import { type Clock, MINUTE_MS } from '../lib/clock.ts';
import { formatCommandHint } from '../lib/hints.ts';
import { pluralize } from '../lib/text.ts';
import { describeRunError } from '../model/describe-error-kind.ts';
import type { JobEntry } from '../model/job-record.ts';
import type { RunRecord } from '../model/run-record.ts';
import { describeFailures } from '../model/streak.ts';
import type { Workspace } from '../workspace.ts';
import { schedulerSeenAt } from './downtime.ts';

/** Receives the scheduler's messages for people, one line each. */
export type SchedulerLog = (level: 'info' | 'warn' | 'error', message: string) => void;

/** Minimum time before the same error is logged again, in milliseconds. */
const REPEAT_INTERVAL_MS = MINUTE_MS;

/**
 * Wraps a log so that the same error appears at most once a minute, with the number of suppressed repetitions. Needed
 * because a full disk or a locked database fails every tick.
 */
export function suppressRepeatedErrors(log: SchedulerLog, clock: Pick<Clock, 'monotonic'>): SchedulerLog {
  const logged = new Map<string, { at: number; suppressed: number }>();
  return (level, message) => {
    if (level !== 'error') {
      log(level, message);
      return;
    }
    const now = clock.monotonic();
    const before = logged.get(message);
    if (before && now - before.at < REPEAT_INTERVAL_MS) {
      before.suppressed += 1;
      return;
    }
    for (const [old, { at }] of logged) if (now - at >= REPEAT_INTERVAL_MS) logged.delete(old);
    logged.set(message, { at: now, suppressed: 0 });
    const times = before && before.suppressed > 0 ? ` (and ${before.suppressed} more times since)` : '';
    log(level, `${message}${times}`);
  };
}

/** Formats how a run ended, and adds that the job is paused if this run paused it. */
export function formatRunOutcome(run: RunRecord, job: JobEntry | undefined): string {
  if (run.status === 'skipped' || run.status === 'missed') return `was ${run.status}: ${run.reason ?? ''}`;
  const end = run.error
    ? `${run.status.replace('_', ' ')}: ${run.status === 'timed_out' ? run.error.message : describeRunError(run.error)}`
    : `${run.status}: ${pluralize(run.items, 'item')} from ${pluralize(run.pages, 'page')}`;
  if (job?.kind !== 'valid' || run.finishedAt === null || job.state.pausedAt !== run.finishedAt) return end;
  const failures = describeFailures(job.record.definition.pause_after_failures);
  return `${end.replace(/\.$/, '')}; the job is paused after ${failures}: ${formatCommandHint({ id: 'resume_job', job: job.id })}. A manual run that succeeds resumes it, too`;
}

/**
 * Logs at a scheduler's start what the database has lost since a scheduler last ran: another command may have found the
 * loss.
 */
export function logDataLoss({ db, paths }: Workspace, now: number, log: SchedulerLog): void {
  const dataLoss = recentDataLoss(db, paths.database, now);
  if (dataLoss !== undefined && dataLoss.at >= (schedulerSeenAt(db) ?? 0)) log('error', dataLoss.text);
}

const MAX_LOG_BYTES = 5 << 20;
const MAX_ROTATED_FILES = 3;

/**
 * Rotates the scheduler's log when it has grown too large; `.1`, `.2` and `.3` are the older logs. The scheduler writes
 * to an inherited descriptor, so the file is copied and truncated, not renamed. Lines written between the two steps are
 * lost. Also restricts the log to its owner. Does nothing when a file operation fails.
 * @returns whether it rotated the log
 */
export function rotateLog(file: string, maxBytes = MAX_LOG_BYTES): boolean {
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) return false;
    // A service manager that creates the log does not apply this program's file modes.
    if ((stats.mode & 0o777) !== 0o600) chmodSync(file, 0o600);
    const isLarge = stats.size > maxBytes;
    // An earlier rotation may have been interrupted. A log that is still large was not truncated, and is copied again.
    if (!isLarge && !entryExists(copyPath(file))) return false;
    if (isLarge) copyAndTruncate(file);
    shiftRotatedFiles(file);
    return true;
  } catch {
    return false;
  }
}

/** On a full disk the copy fails, and the log stays unchanged. */
function copyAndTruncate(file: string): void {
  const copy = copyPath(file);
  try {
    rmSync(copy, { force: true });
    copyFileSync(file, copy);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
  truncateSync(file);
}

function shiftRotatedFiles(file: string): void {
  const names = [
    copyPath(file),
    ...Array.from({ length: MAX_ROTATED_FILES }, (_, at) => `${file}.${at + 1}`),
  ];
  // No file after a gap has to move: either there is none, or an earlier rotation has already moved it.
  const gap = names.findIndex((name) => !entryExists(name));
  for (let at = gap < 0 ? MAX_ROTATED_FILES : gap; at >= 1; at -= 1)
    renameSync(names[at - 1] ?? '', names[at] ?? '');
}

function copyPath(file: string): string {
  return `${file}.new`;
}

function entryExists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
