import type { ChannelHealth } from '../../messages/channel-health.ts';
import type { OutcomeFigures } from '../../runs/run-figures.ts';
import type { JobFacts, MetricFacts } from './metric-facts.ts';

/** One figure, or one for each job. */
export interface MetricFamily {
  /** Ends with the unit, if there is one. */
  name: string;
  /**
   * Every figure may fall: also the number of kept runs, when old runs are removed. A counter must not
   * (OpenMetrics 1.0, "Counter"), and other types are unknown to the older format that node_exporter reads.
   */
  type: 'gauge';
  unit: 'seconds' | 'bytes' | null;
  help: string;
  samples: MetricSample[];
}

export interface MetricSample {
  labels: Record<string, string>;
  value: number;
}

const PREFIX = 'quickscrape_';

/**
 * The figures of a home. Instants are seconds of the Unix epoch. A figure that is not known, such as the last success
 * of a new job, has no sample, and a figure without samples is left out.
 */
export function toMetricFamilies(facts: MetricFacts): MetricFamily[] {
  const families = [...homeFamilies(facts), ...channelFamilies(facts.channels), ...jobFamilies(facts.jobs)];
  return families.filter(({ samples }) => samples.length > 0);
}

function homeFamilies(facts: MetricFacts): MetricFamily[] {
  const { now, schedulerSince, longestWaitSince, freeBytes, jobs } = facts;
  const one = (name: string, help: string, value: number | null, labels = {}): MetricFamily =>
    family(name, help, value === null ? [] : [{ labels, value }]);
  return [
    one('build_info', 'Always 1: the version of QuickScrape Jobs that read these figures.', 1, {
      version: facts.version,
    }),
    one('scheduler_up', '1 while a scheduler runs on the home, else 0.', schedulerSince === null ? 0 : 1),
    one(
      'scheduler_start_time_seconds',
      'When the scheduler started. Absent while none runs.',
      seconds(schedulerSince),
    ),
    one('slots', 'Runs that may go on at once.', facts.slots),
    one('runs_waiting', 'Runs that wait for a slot, for their instant or for a retry.', facts.waiting),
    one('runs_running', 'Runs that occupy a slot.', facts.running),
    one(
      'queue_longest_wait_seconds',
      'How long the run that waits longest could have been running; 0 when no run is due.',
      longestWaitSince === null ? 0 : duration(longestWaitSince, now),
    ),
    one('jobs', 'Jobs whose file can be used.', jobs.length),
    one('jobs_invalid', 'Job files that cannot be used.', facts.invalidJobs),
    one('disk_free_bytes', 'Free space on the disk of the home.', freeBytes),
    one(
      'disk_needed_bytes',
      'Free space below which no run starts (the setting min_free_space); 0 when it is off.',
      facts.neededBytes,
    ),
    one('database_size_bytes', 'Size of the database and its journal.', facts.databaseBytes),
  ];
}

function channelFamilies(channels: readonly ChannelHealth[]): MetricFamily[] {
  const each = (name: string, help: string, read: (channel: ChannelHealth) => number | null): MetricFamily =>
    family(
      name,
      help,
      channels.flatMap((one) => {
        const value = read(one);
        return value === null ? [] : [{ labels: { channel: one.channel }, value }];
      }),
    );
  return [
    each('channel_messages_waiting', 'Messages that the channel has not got yet.', ({ waiting }) => waiting),
    each(
      'channel_messages_given_up',
      'Messages of the last seven days that could not be sent.',
      ({ givenUp }) => givenUp,
    ),
    each(
      'channel_failing_since_time_seconds',
      'Since when the channel gets no messages. Absent while it works.',
      ({ failingSince }) => seconds(failingSince),
    ),
    each('channel_last_sent_time_seconds', 'When the channel got its last message.', ({ lastSentAt }) =>
      seconds(lastSentAt),
    ),
  ];
}

function jobFamilies(jobs: readonly JobFacts[]): MetricFamily[] {
  const lasts = new Map(jobs.map((job) => [job, lastRuns(job.outcomes)]));
  /** A sample for each job that has the value. */
  const each = (name: string, help: string, read: (job: JobFacts) => number | null): MetricFamily =>
    family(
      name,
      help,
      jobs.flatMap((job) => {
        const value = read(job);
        return value === null ? [] : [{ labels: { job: job.id }, value }];
      }),
    );
  /** The same of its last run, or of its last success. */
  const of = (which: keyof LastRuns, read: (run: OutcomeFigures) => number | null) => (job: JobFacts) => {
    const run = lasts.get(job)?.[which];
    return run === undefined ? null : read(run);
  };
  return [
    family(
      'job_info',
      'Always 1: the configuration of the job and the first host that it names.',
      jobs.map(({ id, config, host }) => ({
        labels: { job: id, config, ...(host !== null && { host }) },
        value: 1,
      })),
    ),
    each('job_enabled', '1 while the job is enabled, else 0.', ({ enabled }) => Number(enabled)),
    each('job_paused', '1 while the job is paused after too many failures in a row, else 0.', ({ paused }) =>
      Number(paused),
    ),
    each('job_failures_in_a_row', 'Failed runs since the last success.', ({ failures }) => failures),
    each(
      'job_next_due_time_seconds',
      'When the job is due next. Absent while it is disabled or paused, or is never due again.',
      ({ nextRun }) => seconds(nextRun),
    ),
    family(
      'job_runs',
      'Runs that the history still has, by outcome. Falls when old runs are removed (keep_runs).',
      jobs.flatMap(({ id, outcomes }) =>
        outcomes.map(({ outcome, runs }) => ({ labels: { job: id, outcome }, value: runs })),
      ),
    ),
    each('job_last_run_time_seconds', 'When the last finished run ended.', of('run', endOf)),
    each('job_last_run_duration_seconds', 'How long the last finished run took.', of('run', durationOf)),
    each('job_last_run_items', 'Items of the last finished run.', of('run', itemsOf)),
    each(
      'job_last_start_lateness_seconds',
      'How long after its scheduled instant the last finished run started, stagger and jitter included. Absent when the schedule did not start it.',
      of('run', latenessOf),
    ),
    each('job_last_success_time_seconds', 'When the last success ended.', of('success', endOf)),
    each('job_last_success_duration_seconds', 'How long the last success took.', of('success', durationOf)),
    each('job_last_success_items', 'Items of the last success.', of('success', itemsOf)),
  ];
}

interface LastRuns {
  /** The newest one that started, whatever its outcome. */
  run: OutcomeFigures | undefined;
  success: OutcomeFigures | undefined;
}

function lastRuns(outcomes: readonly OutcomeFigures[]): LastRuns {
  const started = outcomes.filter(({ startedAt }) => startedAt !== null);
  return {
    run: started.reduce<OutcomeFigures | undefined>(
      (last, each) => (last === undefined || each.finishedAt > last.finishedAt ? each : last),
      undefined,
    ),
    success: started.find(({ outcome }) => outcome === 'succeeded'),
  };
}

const endOf = ({ finishedAt }: OutcomeFigures) => seconds(finishedAt);
const itemsOf = ({ items }: OutcomeFigures) => items;
const durationOf = ({ startedAt, finishedAt }: OutcomeFigures) =>
  startedAt === null ? null : duration(startedAt, finishedAt);
const latenessOf = ({ scheduledFor, startedAt }: OutcomeFigures) =>
  scheduledFor === null || startedAt === null ? null : duration(scheduledFor, startedAt);

function family(name: string, help: string, samples: MetricSample[]): MetricFamily {
  const unit = /_(seconds|bytes)$/.exec(name)?.[1] as 'seconds' | 'bytes' | undefined;
  return { name: PREFIX + name, type: 'gauge', unit: unit ?? null, help, samples };
}

/** Converts epoch milliseconds to seconds. */
function seconds(ms: number): number;
function seconds(ms: number | null): number | null;
function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

/** The seconds between two instants; 0 when the clock was set back between them. */
function duration(from: number, until: number): number {
  return Math.max(0, until - from) / 1000;
}
