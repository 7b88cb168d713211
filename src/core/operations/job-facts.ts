import { requireValidJob } from '../jobs/job-errors.ts';
import { findLeaseHolder } from '../lease/lease.ts';
import { currentStartLimits } from '../lease/start-limits.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { JobState, ValidJob } from '../model/job-record.ts';
import { listActiveRuns } from '../runs/run-queue.ts';
import { findWaitReason } from '../runs/wait-reason.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { JobSchedule, upcoming } from '../schedule/job-schedule.ts';
import { latestOccurrences, ON_TIME_MS } from '../schedule/misfire.ts';
import type { ScheduleDict } from '../schedule/rule.ts';
import { jobWarnings } from '../schedule/schedule-warnings.ts';
import { describeSpread } from '../schedule/start-delay.ts';
import { describeWrongClock, isClockPlausible } from '../scheduler/clock-jump.ts';
import { schedulerSeenAt } from '../scheduler/downtime.ts';
import type { Workspace } from '../workspace.ts';
import { explainPast, type JobFacts } from './explain-job.ts';
import { findJob } from './find-job.ts';

/** The number of last occurrences to read. */
const MAX_OCCURRENCES = 20;

/**
 * The instant from which a job's occurrences are undecided. Decided occurrences are not repeated when the clock goes
 * back.
 */
export function undecidedSince({ clock }: Workspace, { watermark }: Pick<JobState, 'watermark'>): Date {
  return new Date(Math.max(clock.now(), watermark));
}

/** Collects the current facts that explain a job. */
export function collectJobFacts(workspace: Workspace, { id, record, state }: ValidJob): JobFacts {
  const { definition } = record;
  const now = workspace.clock.now();
  const holder = findLeaseHolder(workspace.db);
  const limits = currentStartLimits(workspace, holder ?? null);
  return {
    ...collectRunFacts(workspace, id, limits),
    jobId: id,
    timezone: definition.schedule.timezone,
    now,
    enabled: definition.enabled,
    paused: state.pausedAt === null ? null : { at: state.pausedAt, failures: state.failures },
    scheduler: {
      state: holder === undefined ? 'off' : holder.stopRequested === null ? 'running' : 'stopping',
      seenAt: schedulerSeenAt(workspace.db),
    },
    clock: isClockPlausible(now) ? undefined : describeWrongClock(now),
    disk: limits.disk,
    next: upcoming(definition.schedule, undecidedSince(workspace, state).getTime(), 1)[0] ?? null,
    overdue: holder === undefined ? findOverdue(definition.schedule, state.watermark, now) : null,
    catchUp: definition.catch_up,
    graceTime: definition.misfire_grace_time,
    watermark: state.watermark,
    startsLater: describeSpread({ jobId: id, ...definition }),
    missingConfig: workspace.configs.has(definition.config_name) ? undefined : definition.config_name,
    warnings: [...callbackWarnings(state, definition.schedule.timezone), ...jobWarnings(id, definition, now)],
  };
}

function callbackWarnings({ callbackFailure }: JobState, timezone: string): string[] {
  if (callbackFailure === null) return [];
  const { at, message } = callbackFailure;
  return [`Its last alert did not go out (${formatInstant(at, timezone)}): ${message}.`];
}

/** The first and the last past occurrence after `watermark`, if the first is late (all epoch milliseconds). */
function findOverdue(schedule: ScheduleDict, watermark: number, now: number): JobFacts['overdue'] {
  const [first] = upcoming(schedule, watermark, 1);
  if (first === undefined || now - first <= ON_TIME_MS) return null;
  const last = latestOccurrences(JobSchedule.fromDict(schedule), watermark, now, 1).occurrences.at(-1);
  return { first, last: last ?? first };
}

function collectRunFacts(
  workspace: Workspace,
  jobId: string,
  limits = currentStartLimits(workspace),
): Pick<JobFacts, 'active' | 'occurrences'> {
  return {
    active: listActiveRuns(workspace.db, jobId).map((run) => ({
      run,
      waitsFor: findWaitReason(workspace.db, run, limits)?.text,
    })),
    occurrences: workspace.runs.occurrences(jobId, MAX_OCCURRENCES),
  };
}

/**
 * As {@link findJob}. For an invalid file, the error also describes the effect on the job's runs, and the last
 * outcomes.
 */
export function findJobExplained(workspace: Workspace, jobId: string): ValidJob {
  const entry = workspace.jobs.get(jobId);
  try {
    return entry === undefined ? findJob(workspace, jobId) : requireValidJob(entry);
  } catch (error) {
    if (entry === undefined || !(error instanceof QuickscrapeError)) throw error;
    throw new QuickscrapeError(error.code, error.message, {
      ...(error.field !== undefined && { field: error.field }),
      ...(error.issues !== undefined && { issues: error.issues }),
      hint: [
        ...error.hints,
        'Until then it does not run.',
        ...explainPast(collectRunFacts(workspace, jobId)),
      ],
    });
  }
}
