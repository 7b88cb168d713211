import { expect, it } from 'vitest';
import type { RunRecord } from '../../../src/core/model/run-record.ts';
import { explainWaiting, type StartLimits } from '../../../src/core/runs/wait-reason.ts';

const now = Date.parse('2026-11-25T12:00:00Z');
const run = {
  runId: 'r1',
  jobId: 'prices',
  status: 'queued' as RunRecord['status'],
  host: 'shop.example' as string | null,
  overlap: 'skip',
  notBefore: now,
  scheduledFor: now as number | null,
  timezone: 'Europe/Berlin',
  attempt: 0,
  maxAttempts: 4,
  voidStarts: 0,
  cancelRequestedAt: null as number | null,
};
const limits: StartLimits = { now, slots: 4, perHost: 2 };
const other = (runId: string, host: string | null = null, jobId = runId) => ({ runId, jobId, host });
const busyShop = [other('a', 'shop.example'), other('b', 'shop.example')];

it.each<[string, Partial<typeof run>, ReturnType<typeof other>[], Partial<StartLimits>, string]>([
  ['nothing holds it', {}, [], {}, 'turn: it is about to start'],
  ['it is cancelled', { cancelRequestedAt: now }, [], {}, 'cancelling: it is being cancelled'],
  [
    'its instant is to come',
    { notBefore: now + 1_000 },
    busyShop,
    {},
    'not_before: not before 2026-11-25T13:00:01.000+01:00 (stagger and jitter of its job)',
  ],
  [
    'its retry is to come',
    { status: 'waiting_retry', attempt: 1, notBefore: now + 300_000 },
    [],
    { slots: null },
    'not_before: it waits for its retry: attempt 2 of 4, not before 2026-11-25T13:05:00.000+01:00',
  ],
  [
    'a start came to nothing',
    { voidStarts: 1, notBefore: now + 1_000 },
    [],
    {},
    'not_before: no worker could be started for it; the next try is at 2026-11-25T13:00:01.000+01:00',
  ],
  ['nobody starts it', {}, busyShop, { slots: null }, 'no_scheduler: no scheduler is running to start it'],
  ['the disk is full', {}, busyShop, { disk: 'only 3 MiB are free' }, 'disk: only 3 MiB are free'],
  [
    'its job has a run',
    {},
    [other('a', 'shop.example', 'prices')],
    {},
    'job_busy: another run of its job is active: run a',
  ],
  [
    'its host is busy',
    {},
    busyShop,
    {},
    'host_busy: host shop.example is busy with runs a, b (max_runs_per_host is 2)',
  ],
  [
    'all slots are in use',
    {},
    ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => other(id)),
    { slots: 6 },
    'slots: all 6 slots are in use (max_concurrent_runs): runs a, b, c, d, e and 1 more',
  ],
  [
    'its job allows overlap',
    { overlap: 'allow' },
    [other('a', null, 'prices')],
    {},
    'turn: it is about to start',
  ],
  ['its host is not known', { host: null }, busyShop, {}, 'turn: it is about to start'],
])('says why a run waits: %s', (_case, change, running, more, said) => {
  const waiting = explainWaiting({ ...run, ...change }, running, { ...limits, ...more });
  expect(`${waiting?.kind}: ${waiting?.text}`).toBe(said);
});

it('is empty for a started or finished run', () => {
  for (const status of ['starting', 'running', 'succeeded', 'skipped'] as const)
    expect(explainWaiting({ ...run, status }, [], limits)).toBeUndefined();
});
