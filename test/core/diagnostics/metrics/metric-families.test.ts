import { expect, it } from 'vitest';
import type { JobFacts, MetricFacts } from '../../../../src/core/diagnostics/metrics/metric-facts.ts';
import { toMetricFamilies } from '../../../../src/core/diagnostics/metrics/metric-families.ts';

const NEW_JOB: JobFacts = {
  id: 'news',
  config: 'papers',
  host: null,
  enabled: true,
  paused: false,
  failures: 0,
  nextRun: null,
  outcomes: [],
};
const FACTS: MetricFacts = {
  now: 100_000,
  version: '1.0',
  schedulerSince: null,
  slots: 4,
  waiting: 0,
  running: 0,
  longestWaitSince: null,
  freeBytes: null,
  neededBytes: 0,
  databaseBytes: 4096,
  invalidJobs: 0,
  jobs: [],
  channels: [],
};

/** The values by name and labels. */
function figures(facts: Partial<MetricFacts>): Record<string, number> {
  const samples = toMetricFamilies({ ...FACTS, ...facts }).flatMap((family) =>
    family.samples.map(({ labels, value }) => [
      `${family.name.replace('quickscrape_', '')} ${Object.values(labels).join(' ')}`.trim(),
      value,
    ]),
  );
  return Object.fromEntries(samples);
}

it('a figure that is not known has no sample', () => {
  const found = figures({ jobs: [NEW_JOB] });
  expect(found).toMatchObject({ scheduler_up: 0, queue_longest_wait_seconds: 0, 'job_info news papers': 1 });
  expect(Object.keys(found).filter((name) => /last|next|start_time|disk_free|job_runs/.test(name))).toEqual(
    [],
  );
});

it('says of each channel what waits, and since when it gets no messages', () => {
  const works = {
    channel: 'me',
    waiting: 0,
    givenUp: 0,
    failingSince: null,
    error: null,
    lastSentAt: 90_000,
  };
  const fails = {
    channel: 'team',
    waiting: 3,
    givenUp: 1,
    failingSince: 60_000,
    error: 'x',
    lastSentAt: null,
  };
  const found = figures({ channels: [works, fails] });
  expect(found).toMatchObject({
    'channel_messages_waiting me': 0,
    'channel_messages_waiting team': 3,
    'channel_messages_given_up team': 1,
    'channel_failing_since_time_seconds team': 60,
    'channel_last_sent_time_seconds me': 90,
  });
  expect(Object.keys(found)).not.toContain('channel_failing_since_time_seconds me');
});

it('tells the last run from the last success', () => {
  const of = { jobId: 'news', scheduledFor: null, items: 0 };
  const job: JobFacts = {
    ...NEW_JOB,
    host: 'a.example',
    failures: 2,
    nextRun: 90_500,
    outcomes: [
      { ...of, outcome: 'succeeded', runs: 7, startedAt: 10_000, finishedAt: 12_500, items: 30 },
      { ...of, outcome: 'failed', runs: 2, startedAt: 20_250, finishedAt: 21_000, scheduledFor: 20_000 },
      // None of these had started.
      { ...of, outcome: 'missed', runs: 3, startedAt: null, finishedAt: 0, scheduledFor: 30_000 },
    ],
  };
  expect(figures({ jobs: [job], longestWaitSince: 98_000, schedulerSince: 5_000 })).toMatchObject({
    scheduler_up: 1,
    scheduler_start_time_seconds: 5,
    queue_longest_wait_seconds: 2,
    'job_info news papers a.example': 1,
    'job_failures_in_a_row news': 2,
    'job_next_due_time_seconds news': 90.5,
    'job_runs news succeeded': 7,
    'job_runs news failed': 2,
    'job_runs news missed': 3,
    'job_last_run_time_seconds news': 21,
    'job_last_run_duration_seconds news': 0.75,
    'job_last_run_items news': 0,
    'job_last_start_lateness_seconds news': 0.25,
    'job_last_success_time_seconds news': 12.5,
    'job_last_success_duration_seconds news': 2.5,
    'job_last_success_items news': 30,
  });
});

it('a clock that was set back makes no negative time', () => {
  const outcomes = [
    {
      jobId: 'news',
      outcome: 'succeeded' as const,
      ...{ runs: 1, startedAt: 20_000, finishedAt: 19_000, scheduledFor: 25_000, items: 1 },
    },
  ];
  const found = figures({ jobs: [{ ...NEW_JOB, outcomes }], longestWaitSince: 200_000 });
  expect(Object.entries(found).filter(([, value]) => value < 0)).toEqual([]);
});

it('every name ends with its unit, no help has a quotation mark, and none looks like a counter', () => {
  for (const { name, unit, help } of toMetricFamilies({ ...FACTS, jobs: [NEW_JOB] })) {
    expect(name).toMatch(
      unit === null ? /(?<!_seconds|_bytes|_total|_count|_sum|_bucket)$/ : new RegExp(`_${unit}$`),
    );
    // The format 0.0.4 knows no escape for it there.
    expect(help).toMatch(/^[^"\\\n]+\.$/);
  }
});
