import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { MetricFacts } from '../../src/core/diagnostics/metrics/metric-facts.ts';
import { toMetricFamilies } from '../../src/core/diagnostics/metrics/metric-families.ts';

const run = { jobId: 'a', runs: 1, startedAt: 2, finishedAt: 3, scheduledFor: 1, items: 1 };
/** A home of which every figure is known. */
const FACTS: MetricFacts = {
  now: 4,
  version: '1',
  schedulerSince: 1,
  longestWaitSince: 1,
  freeBytes: 1,
  neededBytes: 1,
  databaseBytes: 1,
  ...{ slots: 1, waiting: 1, running: 1, invalidJobs: 0 },
  channels: [{ channel: 'me', waiting: 1, givenUp: 1, failingSince: 1, error: 'x', lastSentAt: 1 }],
  jobs: [
    {
      ...{ id: 'a', config: 'b', host: 'c', enabled: true, paused: false, failures: 0, nextRun: 9 },
      outcomes: [{ ...run, outcome: 'succeeded' }],
    },
  ],
};
const NAMES = toMetricFamilies(FACTS).map(({ name }) => name);

const named = (file: string) => [
  ...new Set(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').match(/quickscrape_[a-z_]+/g)),
];

it.each(['examples/prometheus/quickscrape.rules.yaml', 'examples/grafana/quickscrape.json'])(
  '%s names only figures that there are',
  (file) => {
    // A variable of the dashboard.
    expect(named(file).filter((name) => name !== 'quickscrape_job' && !NAMES.includes(name))).toEqual([]);
    expect(named(file).length).toBeGreaterThan(5);
  },
);

it('the guide names each figure', () => {
  const guide = named('docs/how-to/monitoring.md');
  // Ends with an ellipsis there: three figures of each.
  const short = (name: string) => name.replace(/(job_last_(run|success)_).*/, '$1');
  expect(NAMES.filter((name) => !guide.includes(name) && !guide.includes(short(name)))).toEqual([]);
});
