import * as z from 'zod';
import { paramWarnings } from '../configs/job-params.ts';
import { currentStartLimits } from '../execution/start-limits.ts';
import { createStateReader } from '../jobs/filter/select-jobs.ts';
import { requireValidJob } from '../jobs/job-errors.ts';
import { findLeaseHolder } from '../lease/lease.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import type { JobState, ValidJob } from '../model/job-record.ts';
import { listActiveRuns } from '../runs/run-queue.ts';
import { findWaitReason } from '../runs/wait-reason.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { JobSchedule, upcomingRunTimes } from '../schedule/job-schedule.ts';
import { latestOccurrences, ON_TIME_MS } from '../schedule/misfire.ts';
import type { ScheduleDict } from '../schedule/rule.ts';
import { jobWarnings } from '../schedule/schedule-warnings.ts';
import { describeStartDelay } from '../schedule/start-delay.ts';
import { describeWrongClock, isClockPlausible } from '../scheduler/clock-jump.ts';
import { schedulerSeenAt } from '../scheduler/downtime.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { explainJob, explainPast, type JobFacts } from './explain-job.ts';
import { findJob } from './find-or-throw.ts';
import {
  callbackFailureOutput,
  jobOutput,
  pausedOutput,
  stateOutput,
  toCallbackFailure,
  toJobOutput,
  toPausedOutput,
} from './job-output.ts';
import { formatInstants, instantOutput, jobIdInput } from './operation-fields.ts';
import { runOutput, toRunOutputs } from './run-output.ts';

export const getJob = defineOperation({
  name: 'get_job',
  title: 'Show a job',
  description:
    'One job in full: every field, its revision (for if_revision), next and last runs, and why it does or ' +
    'does not run.',
  input: () => z.strictObject({ job_id: jobIdInput() }),
  output: () =>
    z.object({
      job: jobOutput(),
      state: stateOutput(),
      paused: pausedOutput(),
      callback_failure: callbackFailureOutput(),
      next_runs: z.array(instantOutput()).describe('The next five; empty when the job is disabled or paused'),
      explanation: z
        .array(z.string())
        .describe('First what happens next, or why nothing does; then what became of the last occurrences'),
      recent_runs: z.array(runOutput()).describe('The last five, newest first'),
    }),
  annotations: READ_ONLY,
  errors: ['job_not_found', 'invalid_job'],
  handler(workspace, { job_id }) {
    const job = findJobExplained(workspace, job_id);
    const { record, state } = job;
    const { schedule, enabled } = record.definition;
    const { summary, reasons } = explainJob(collectJobFacts(workspace, job), workspace.formatHint);
    const from = undecidedSince(workspace, state).getTime();
    return {
      job: toJobOutput(record, state),
      state: createStateReader(workspace, [job])(job),
      paused: toPausedOutput(state, schedule.timezone),
      callback_failure: toCallbackFailure(state, schedule.timezone),
      next_runs:
        enabled && state.pausedAt === null
          ? formatInstants(upcomingRunTimes(schedule, from, 5), schedule.timezone)
          : [],
      explanation: [summary, ...reasons],
      recent_runs: toRunOutputs(workspace, workspace.runs.newestForJob(job_id, 5)),
    };
  },
});

/**
 * As {@link findJob}. For an invalid file, the error also describes the effect on the job's runs, and the last
 * outcomes.
 */
function findJobExplained(workspace: Workspace, jobId: string): ValidJob {
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

/**
 * The instant from which a job's occurrences are undecided. Decided occurrences are not repeated when the clock goes
 * back.
 */
export function undecidedSince({ clock }: Workspace, { decidedUntil }: Pick<JobState, 'decidedUntil'>): Date {
  return new Date(Math.max(clock.now(), decidedUntil));
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
    next: upcomingRunTimes(definition.schedule, undecidedSince(workspace, state).getTime(), 1)[0] ?? null,
    overdue: findOverdue(definition.schedule, state.decidedUntil, now),
    catchUp: definition.catch_up,
    graceTime: definition.misfire_grace_time,
    decidedUntil: state.decidedUntil,
    startsLater: describeStartDelay({ jobId: id, ...definition }),
    missingConfig: workspace.configs.has(definition.config_name) ? undefined : definition.config_name,
    warnings: [
      ...paramWarnings(definition, workspace.configs),
      ...callbackWarnings(state, definition.schedule.timezone),
      ...jobWarnings(id, definition, now),
    ],
  };
}

/** The number of last occurrences to read. */
const MAX_OCCURRENCES = 20;

function callbackWarnings({ callbackFailure }: JobState, timezone: string): string[] {
  if (callbackFailure === null) return [];
  const { at, message } = callbackFailure;
  return [`Its last alert did not go out (${formatInstant(at, timezone)}): ${message}.`];
}

/** The first and the last past occurrence after `decidedUntil`, if the first is late (all epoch milliseconds). */
function findOverdue(schedule: ScheduleDict, decidedUntil: number, now: number): JobFacts['overdue'] {
  const [first] = upcomingRunTimes(schedule, decidedUntil, 1);
  if (first === undefined || now - first <= ON_TIME_MS) return null;
  const last = latestOccurrences(JobSchedule.fromDict(schedule), decidedUntil, now, 1).occurrences.at(-1);
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
