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
  pool: '',
  cancelRequestedAt: null as number | null,
};
const limits: StartLimits = { now, slots: 4, perHost: 2 };
const other = (runId: string, host: string | null = null, jobId = runId) => ({ runId, jobId, host });
const busyShop = [other('a', 'shop.example'), other('b', 'shop.example')];

const remote = { workers: [], awaySince: null, fallsBack: false };
const worker = (name: string, tags: string[], running = 0) => ({ name, tags, slots: 2, running });

it.each<[string, Partial<typeof run>, Partial<typeof remote> | undefined | object, string]>([
  ['no tags and no other machines', {}, undefined, 'turn: it is about to start'],
  [
    'tags and no other machines',
    { pool: 'browser' },
    undefined,
    'worker: it waits for a worker with the tag browser: runs go to other machines only with the setting executor: bullmq',
  ],
  ['no worker at all', {}, {}, 'worker: it waits for a worker: none is connected'],
  ['no worker at all, and this machine helps out', {}, { fallsBack: true }, 'turn: it is about to start'],
  [
    'no worker with its tags',
    { pool: 'browser,eu' },
    { workers: [worker('a', ['browser'])], fallsBack: true },
    'worker: it waits for a worker with the tags browser, eu: none is connected',
  ],
  [
    'all workers busy',
    {},
    { workers: [worker('a', [], 2), worker('b', ['eu'], 2), worker('c', [], 3)] },
    'worker: it waits for a free worker: all 3 are busy',
  ],
  [
    'the only fitting worker busy',
    { pool: 'eu' },
    { workers: [worker('a', []), worker('b', ['browser', 'eu'], 2)] },
    'worker: it waits for a free worker with the tag eu: b is busy',
  ],
  ['a free worker', { pool: 'eu' }, { workers: [worker('b', ['eu'], 1)] }, 'turn: it is about to start'],
  [
    'Redis away since this morning',
    {},
    { workers: [worker('a', [])], awaySince: now - 3_600_000 },
    'executor: the runs go to other machines, and Redis has been away since 12:00',
  ],
  [
    'Redis away for a moment, and this machine will help out',
    {},
    { workers: [worker('a', [])], awaySince: now - 29_000, fallsBack: true },
    'executor: the runs go to other machines, and Redis has been away since 12:59; after 30 s it starts here',
  ],
  [
    'Redis away for so long that this machine helps out',
    {},
    { workers: [worker('a', [])], awaySince: now - 31_000, fallsBack: true },
    'turn: it is about to start',
  ],
  [
    'Redis away since yesterday, for a known reason',
    { pool: 'eu' },
    { awaySince: now - 86_400_000, problem: 'wrong password', fallsBack: true },
    'executor: the runs go to other machines, and Redis has been away since 2026-11-24T13:00:00.000+01:00 (wrong password)',
  ],
])('says why a run waits for other machines: %s', (_, change, more, expected) => {
  const found = explainWaiting({ ...run, ...change }, [], {
    ...limits,
    remote: more && { ...remote, ...more },
  });
  expect(found && `${found.kind}: ${found.text}`).toBe(expected);
});

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
