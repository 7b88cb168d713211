import { expect, it } from 'vitest';
import { enqueueRun } from '../../../src/core/runs/run-queue.ts';
import { claimStart, markStarting } from '../../../src/core/runs/run-starts.ts';
import { recordHost } from '../../../src/core/runs/run-transitions.ts';
import { startableRuns } from '../../../src/core/runs/startable-runs.ts';
import { openTempDatabase } from '../../temp-database.ts';

function queue() {
  const db = openTempDatabase();
  const add = (jobId: string, host: string | null) => {
    const run = enqueueRun(
      db,
      {
        ...{ jobId, host, configName: jobId, trigger: 'manual', scheduledFor: null, timezone: 'UTC' },
        ...{ status: 'queued', maxAttempts: 1, priority: 0, overlap: 'skip', requestedBy: 'cli' },
      },
      1_000,
    );
    return run?.runId ?? '';
  };
  const startable = (perHost: number) =>
    startableRuns(db, 9_000, 10, perHost)
      .map(({ jobId }) => jobId)
      .sort();
  return { db, add, startable };
}

it('runs wait while as many as allowed are started or running on their host, of whichever jobs', () => {
  const { db, add, startable } = queue();
  const first = add('a', 'shop.example');
  add('b', 'shop.example');
  add('c', 'shop.example:8443');
  add('d', null);
  expect(startable(1)).toEqual(['a', 'b', 'c', 'd']);
  markStarting(db, first, 'token', 9_000);
  expect(startable(1)).toEqual(['c', 'd']);
  expect(startable(2)).toEqual(['b', 'c', 'd']);
  claimStart(db, first, 'token', { pid: 1, start: '1', bootId: 'b' }, 2_000, 60_000);
  expect(startable(1)).toEqual(['c', 'd']);
});

it('the host that the worker knows counts from then on, and only its own word', () => {
  const { db, add, startable } = queue();
  const first = add('a', null);
  add('b', 'shop.example');
  markStarting(db, first, 'token', 9_000);
  expect(startable(1)).toEqual(['b']);
  recordHost(db, first, 'other token', 'shop.example');
  expect(startable(1)).toEqual(['b']);
  recordHost(db, first, 'token', 'shop.example');
  expect(startable(1)).toEqual([]);
});
