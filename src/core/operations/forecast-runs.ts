import * as z from 'zod';
import { type RunCapacity, readRunCapacity } from '../execution/start-limits.ts';
import { DAY_MS, HOUR_MS } from '../lib/clock.ts';
import { once } from '../lib/once.ts';
import { pluralize, truncateList } from '../lib/text.ts';
import type { Collision } from '../schedule/collisions.ts';
import { systemTimezone, zoneOffset } from '../schedule/engine/instant.ts';
import { findOffsetTransitions } from '../schedule/engine/zone-offsets.ts';
import { type Forecast, type ForecastOccurrence, forecast } from '../schedule/forecast.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { type PreviewNote, previewSchedule } from '../schedule/preview.ts';
import { jobZoneWarnings } from '../schedule/schedule-warnings.ts';
import { describeStartDelay } from '../schedule/start-delay.ts';
import type { ForecastJob } from '../schedule/start-forecast.ts';
import type { Workspace } from '../workspace.ts';
import { defineOperation, READ_ONLY } from './define-operation.ts';
import { formatInstantOrNull } from './operation-fields.ts';

const MAX_LISTED = 1000;
const MAX_COLLISIONS = 100;
/** The most jobs that a collision names. */
const MAX_NAMED_JOBS = 20;

const hourOutput = once(() => z.object({ hour: z.string(), runs: z.int() }));

export const forecastRuns = defineOperation({
  name: 'forecast_runs',
  title: 'Forecast the next runs',
  description:
    'The runs of the next hours: each one, the number per hour, and when more are due ' +
    'than may run at once.',
  input: () =>
    z.strictObject({
      hours: z.int().min(1).max(744).default(24).describe('How far ahead'),
      limit: z
        .int()
        .min(0)
        .max(MAX_LISTED)
        .default(MAX_LISTED)
        .describe('List at most this many occurrences'),
    }),
  output: () =>
    z.object({
      from: z.string(),
      until: z.string(),
      jobs: z.int().describe('Jobs that are enabled and not paused'),
      occurrences: z.array(
        z.object({
          job_id: z.string(),
          config_name: z.string(),
          host: z.string().nullable(),
          at: z.string().describe('The occurrence, in the job’s time zone'),
          starts_at: z.string().describe('With its stagger; jitter adds a random time to that'),
          takes_s: z
            .number()
            .nullable()
            .describe('How long it will take, by the last runs; null when there are none'),
          notes: z.array(forecastNoteOutput()),
        }),
      ),
      total: z.int().describe('All occurrences, listed or not'),
      truncated: z.boolean().describe('There are more than are listed'),
      skipped: z
        .array(z.object({ job_id: z.string(), at: z.string(), text: z.string() }))
        .describe('Instants between the listed occurrences at which daylight saving lets a job not run'),
      by_hour: z.array(hourOutput()).describe('In this machine’s time zone'),
      busiest: hourOutput().nullable(),
      collisions: z.array(
        z.object({
          at: z.string(),
          limit: z.enum(['slots', 'host']),
          host: z.string().nullable(),
          jobs: z.array(z.string()).describe(`In the order in which they start; ${MAX_NAMED_JOBS} at most`),
          job_count: z.int(),
          under_way: z.int().describe('How many of them have started before and have not finished by then'),
          waiting: z.int().describe('How many of them have to wait'),
          text: z.string(),
        }),
      ),
      collisions_total: z.int(),
      warnings: z.array(z.string()),
    }),
  annotations: READ_ONLY,
  errors: [],
  handler(workspace, { hours, limit }) {
    const from = workspace.clock.now();
    const until = from + hours * HOUR_MS;
    const zone = systemTimezone();
    const jobs = scheduledJobs(workspace);
    const capacity = readRunCapacity(workspace);
    const result = forecast(
      jobs.map(({ job }) => job),
      {
        from,
        until,
        timezone: zone,
        slots: capacity.slots,
        perHost: workspace.settings.get('max_runs_per_host'),
        maxOccurrences: limit,
        maxCollisions: MAX_COLLISIONS,
      },
    );
    const hour = ({ at, runs }: { at: number; runs: number }) => ({
      hour: formatInstantOrNull(at, zone) ?? '',
      runs,
    });
    return {
      from: formatInstantOrNull(from, zone) ?? '',
      until: formatInstantOrNull(until, zone) ?? '',
      jobs: jobs.length,
      ...listOccurrences(result, jobs, from),
      total: result.total,
      truncated: result.total > result.occurrences.length,
      by_hour: result.byHour.map(hour),
      busiest: result.busiest && hour(result.busiest),
      collisions: result.collisions.map((each) => collisionOutput(each, capacity, zone)),
      collisions_total: result.collisionsTotal,
      warnings: [
        ...(capacity.needsWorker
          ? [
              `no worker takes runs now: they wait for one; this forecast counts ${pluralize(capacity.slots, 'slot')} (max_concurrent_runs)`,
            ]
          : []),
        ...jobZoneWarnings(
          jobs.map(({ job }) => ({ jobId: job.jobId, timezone: job.rule.timezone })),
          from,
        ),
      ],
    };
  },
});

interface ScheduledJob {
  job: ForecastJob;
  configName: string;
  jitter: number;
}

function scheduledJobs(workspace: Workspace): ScheduledJob[] {
  const durations = workspace.runs.durations();
  return workspace.jobs.list().flatMap((entry) => {
    if (entry.kind !== 'valid' || !entry.record.definition.enabled || entry.state.pausedAt !== null)
      return [];
    const { schedule, stagger, priority, config_name: configName, jitter } = entry.record.definition;
    const host = workspace.configs.hostOf(configName);
    const takes = durations.get(entry.id) ?? 0;
    const job = {
      jobId: entry.id,
      rule: schedule,
      after: entry.state.decidedUntil,
      stagger,
      priority,
      host,
      takes,
    };
    return [{ job, configName, jitter }];
  });
}

function listOccurrences({ occurrences }: Forecast, jobs: readonly ScheduledJob[], from: number) {
  const byId = new Map(jobs.map((each) => [each.job.jobId, each]));
  const { notes, skipped } = forecastNotes(occurrences, from);
  return {
    occurrences: occurrences.map(({ job, at, startsAt }) => ({
      job_id: job.jobId,
      config_name: byId.get(job.jobId)?.configName ?? '',
      host: job.host,
      at: formatInstantOrNull(at, job.rule.timezone) ?? '',
      starts_at: formatInstantOrNull(startsAt, job.rule.timezone) ?? '',
      takes_s: job.takes === 0 ? null : job.takes / 1000,
      notes: notes(job, at, byId.get(job.jobId)?.jitter ?? 0),
    })),
    skipped,
  };
}

const LIMITS: Record<RunCapacity['limitedBy'], string> = {
  settings: 'max_concurrent_runs',
  workers: 'the slots of the workers',
  local: 'executor_local_slots, no worker takes runs',
};

function collisionOutput(collision: Collision, { limitedBy }: RunCapacity, zone: string) {
  const { at, limit, host, jobs, alreadyRunning, allowed } = collision;
  const waiting = jobs.slice(allowed);
  const where =
    limit === 'host'
      ? `${allowed} may scrape ${host} at once (max_runs_per_host)`
      : `${allowed} run at once (${LIMITS[limitedBy]})`;
  return {
    at: formatInstantOrNull(at, zone) ?? '',
    limit,
    host,
    jobs: jobs.slice(0, MAX_NAMED_JOBS),
    job_count: jobs.length,
    under_way: alreadyRunning,
    waiting: waiting.length,
    text: `${jobs.length} jobs ${alreadyRunning === 0 ? 'start' : 'start or still run'} and ${where}: ${truncateList(waiting, MAX_NAMED_JOBS)} ${waiting.length === 1 ? 'waits' : 'wait'}`,
  };
}

const forecastNoteOutput = once(() =>
  z.object({
    kind: z.enum(['shifted', 'skipped', 'doubled', 'clamped', 'staggered']),
    text: z.string(),
  }),
);

type ForecastNote = z.output<ReturnType<typeof forecastNoteOutput>>;

/**
 * The notes that a preview of each job would give for these occurrences, and the occurrences that it skips between
 * them.
 */
function forecastNotes(occurrences: readonly ForecastOccurrence[], from: number) {
  const notesByJob = new Map<string, PreviewNote[]>();
  const skipped: { job_id: string; at: string; text: string }[] = [];
  for (const [job, { count, last }] of countByJob(occurrences)) {
    if (!canHaveNotes(job, from, last)) continue;
    const start = new Date(Math.max(from, job.after));
    const { notes } = previewSchedule(JobSchedule.fromDict(job.rule), { from: start, count });
    notesByJob.set(job.jobId, notes);
    for (const { at, text } of notes.filter(({ kind }) => kind === 'skipped')) {
      skipped.push({ job_id: job.jobId, at: formatInstantOrNull(at, job.rule.timezone) ?? '', text });
    }
  }
  const notes = (job: ForecastJob, at: number, jitter: number): ForecastNote[] => {
    const startDelay = describeStartDelay({ jobId: job.jobId, stagger: job.stagger, jitter });
    const jobNotes = (notesByJob.get(job.jobId) ?? []).filter(
      (note) => note.kind !== 'skipped' && note.at.getTime() === at,
    );
    return [
      ...jobNotes.map(({ kind, text }) => ({ kind, text })),
      ...(startDelay === undefined ? [] : [{ kind: 'staggered' as const, text: startDelay }]),
    ];
  };
  return { notes, skipped };
}

function countByJob(
  occurrences: readonly ForecastOccurrence[],
): Map<ForecastJob, { count: number; last: number }> {
  const found = new Map<ForecastJob, { count: number; last: number }>();
  for (const { job, at } of occurrences) {
    found.set(job, { count: (found.get(job)?.count ?? 0) + 1, last: at });
  }
  return found;
}

/** Whether a preview can have notes: most jobs of a forecast meet no clock change. */
function canHaveNotes({ rule }: ForecastJob, from: number, last: number): boolean {
  if (rule.type === 'monthly' && rule.day_of_month > 28) return true;
  return findOffsetTransitions(from - DAY_MS, last + DAY_MS, rule.timezone, zoneOffset).length > 0;
}
