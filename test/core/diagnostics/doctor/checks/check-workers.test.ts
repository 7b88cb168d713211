import { chmodSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkRuns } from '../../../../../src/core/diagnostics/doctor/checks/check-jobs.ts';
import {
  checkWorkers,
  type WorkersFacts,
} from '../../../../../src/core/diagnostics/doctor/checks/check-workers.ts';
import { runDoctorChecks } from '../../../../../src/core/diagnostics/doctor/run-doctor-checks.ts';
import { WorkerInvitations } from '../../../../../src/core/workers/worker-invitations.ts';
import type { ListedWorker } from '../../../../../src/core/workers/worker-list.ts';
import { DAILY, it as itAtHome } from '../../../operations/open-home.ts';
import { expectFinding, NOW } from '../expect-finding.ts';

const REMOTE = { executor: 'bullmq', redis: 'rediss://redis.example', slots: 4 } as const;
const LOCAL = { ...REMOTE, executor: 'local', redis: null } as const;
const FILE = { path: '/home/workers.json', mode: 0o600, error: undefined };
const NEAR: ListedWorker = {
  ...{ name: 'near', tags: ['browser', 'eu'], state: 'connected', slots: 4, running: 1, version: '1.0.0' },
  ...{ lastSeen: NOW - 5_000, skewMs: 12, drain: 0, problem: null },
  ...{ invitedAt: NOW, joinedAt: NOW, revokedAt: null },
};
const SILENT = { ...NEAR, state: 'silent', lastSeen: NOW - 600_000 } as const;
const wanted = (...tags: string[]) => [{ jobId: 'a', file: 'jobs/a.json', tags }];
const remote = (change: Partial<typeof REMOTE & { redis: string | null; slots: number }>) => ({
  settings: { ...REMOTE, ...change },
});

it.each<[Partial<WorkersFacts>, 'ok' | 'warning' | 'problem', RegExp]>([
  [{}, 'ok', /1 of 1 worker connected$/],
  [
    { workers: [{ ...NEAR, state: 'unusable', problem: 'its user may not' }] },
    'warning',
    /near cannot take runs: its user may not/,
  ],
  [{ workers: [{ ...NEAR, state: 'draining', drain: 1 }] }, 'warning', /and no worker is connected/],
  [{ settings: LOCAL, workers: [] }, 'ok', /none: this machine executes all runs/],
  [{ settings: undefined }, 'ok', /none/],
  [{ file: { ...FILE, error: 'key: must be' } }, 'problem', /invitations cannot be used: key: must be/],
  [{ file: { ...FILE, mode: 0o640 } }, 'problem', /others can read the file with the keys/],
  [{ wanted: wanted('eu', 'browser') }, 'ok', /1 of 1/],
  [{ wanted: wanted('eu', 'us') }, 'warning', /job a waits for a worker with eu, us, and none is invited/],
  [{ wanted: wanted('eu'), workers: [{ ...NEAR, state: 'revoked' }] }, 'warning', /job a waits for a worker/],
  [{ wanted: wanted('eu'), settings: LOCAL }, 'warning', /the setting executor is local/],
  [remote({ redis: null as never }), 'problem', /executor_redis is not set/],
  [remote({ redis: 'redis://redis.example' as never }), 'warning', /in the clear/],
  [remote({ redis: 'redis://127.0.0.1' as never }), 'ok', /1 of 1/],
  [remote({ slots: 3 as never }), 'warning', /max_concurrent_runs is 3, and the workers have 4 slots/],
  [{ state: { redis: 'connected', since: NOW, problem: 'Redis is full' } }, 'problem', /Redis is full/],
  [{ state: { redis: 'away', since: NOW - 120_000 } }, 'problem', /Redis has been away for 120 s|2 min/],
  [{ workers: [] }, 'warning', /no worker is invited/],
  [{ workers: [SILENT] }, 'warning', /worker near has not been heard for 10 min/],
  [{ workers: [{ ...SILENT, lastSeen: null }] }, 'warning', /worker near has not been heard yet/],
  [{ workers: [{ ...SILENT, drain: 1 }] }, 'warning', /no worker is connected/],
  [{ workers: [{ ...NEAR, version: '0.9.0' }] }, 'warning', /near has version 0\.9\.0, and this is 1\.0\.0/],
  [{ workers: [{ ...NEAR, skewMs: -2_500 }] }, 'warning', /clock of worker near is 2\.5 s behind/],
  [{ workers: [{ ...NEAR, skewMs: 2_000 }] }, 'ok', /1 of 1/],
  [{ unclaimed: ['r1', 'r2'] }, 'warning', /not claimed by a worker for a minute: r1, r2/],
])('workers: %o is %s', (facts, status, message) => {
  const usual = { now: NOW, version: '1.0.0', file: FILE, settings: REMOTE, state: undefined };
  expectFinding(
    checkWorkers({ ...usual, workers: [NEAR], wanted: [], unclaimed: [], ...facts }),
    status,
    message,
  );
});

it('runs: one that a worker elsewhere executes has no process here, and is not gone', () => {
  const run = { runId: 'r1', jobId: 'a', status: 'running', notBefore: NOW, deadline: undefined };
  const active = [{ ...run, alive: undefined, isRemote: true }];
  expectFinding(
    checkRuns({ now: NOW, schedulerRuns: true, active, problems: [], known: true }),
    'ok',
    /1 active/,
  );
});

itAtHome('finds workers, their file and their runs in a home', async ({ workspace, call }) => {
  const { paths, clock, db, settings } = workspace;
  await call('create_job', { job_id: 'one', config_name: 'books', schedule: DAILY, worker: ['us'] });
  await settings.set('executor', 'bullmq');
  await settings.set('executor_redis', 'redis://redis.example');
  await new WorkerInvitations(paths, clock).invite('near', ['eu']);
  chmodSync(paths.workers, 0o644);
  const instant = clock.now() - 120_000;
  for (const [runId, status, worker, handedOver] of [
    ['started', 'starting', '', instant],
    ['waited-long', 'starting', '', clock.now() - 1_000],
    ['goes-on', 'running', 'near', null],
  ] as const)
    db.run(
      `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, queued_at,
         not_before, worker, start_deadline) VALUES (?, 'one', 'books', 'manual', 'cli', 'UTC', ?, 1, ?, ?, ?, ?)`,
      [runId, status, instant, instant, worker, handedOver],
    );
  const found = async () =>
    await runDoctorChecks(
      paths,
      () => [],
      (line) => line,
    );
  const findings = await found();
  expectFinding(findings, 'problem', /others can read the file with the keys/);
  expectFinding(findings, 'warning', /job one waits for a worker with us, and none is invited/);
  expectFinding(findings, 'warning', /in the clear/);
  expectFinding(findings, 'warning', /not claimed by a worker for a minute: started$/);
  expect(findings.filter(({ message }) => message.includes('process is gone'))).toEqual([]);
  writeFileSync(paths.workers, '{');
  expectFinding(await found(), 'problem', /invitations cannot be used/);
});
