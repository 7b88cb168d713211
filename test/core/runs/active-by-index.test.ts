import { expect, vi } from 'vitest';
import type { SqlParams } from '../../../src/core/database/connection.ts';
import type { QuickscrapeDatabase } from '../../../src/core/database/database.ts';
import { reconcileRuns } from '../../../src/core/execution/reconcile-runs.ts';
import { listRunning, nextQueuedAfter } from '../../../src/core/runs/run-queue.ts';
import { RunStore } from '../../../src/core/runs/run-store.ts';
import { startableRuns } from '../../../src/core/runs/startable-runs.ts';
import { adjustDeadlines, advanceFutureRuns } from '../../../src/core/scheduler/clock-jump.ts';
import { schedulerStatus } from '../../../src/core/scheduler/scheduler-status.ts';
import type { Workspace } from '../../../src/core/workspace.ts';
import { it } from '../../extend.ts';
import { openTempDatabase } from '../../temp-database.ts';

/** Scans that see no run that is over. */
const PARTS = ['SCAN CONSTANT ROW', 'SCAN runs USING INDEX runs_waiting'];

/** How SQLite carries out each statement of `work`, a step a line. */
function plansOf(work: (db: QuickscrapeDatabase) => unknown): string[] {
  const db = openTempDatabase();
  const asked: [string, SqlParams | undefined][] = [];
  const spies = (['all', 'get', 'run'] as const).map((method) => {
    const own = db[method].bind(db) as (sql: string, params?: SqlParams) => never;
    return vi.spyOn(db, method).mockImplementation((sql: string, params?: SqlParams) => {
      asked.push([sql, params]);
      return own(sql, params);
    });
  });
  work(db);
  for (const spy of spies) spy.mockRestore();
  return asked.flatMap(([sql, params]) =>
    db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params).map(({ detail }) => detail),
  );
}

it.each([
  ['the runs that may start', (db: QuickscrapeDatabase) => startableRuns(db, 1_000, 4, 2)],
  ['the runs under way', listRunning],
  ['when the next one that waits is due', (db: QuickscrapeDatabase) => nextQueuedAfter(db, 1_000)],
  ['whether a process carries a run', (db: QuickscrapeDatabase) => new RunStore(db).needsReconciling()],
  ['how many runs there are', (db: QuickscrapeDatabase) => new RunStore(db).activeCounts()],
  ['whether other runs wait', (db: QuickscrapeDatabase) => new RunStore(db).waitingSums()],
  ['a jump of the clock', (db: QuickscrapeDatabase) => adjustDeadlines(db, -1_000)],
  ['what a wrong clock has put off', (db: QuickscrapeDatabase) => advanceFutureRuns(db, 1_000)],
])('%s reads no finished runs, however many there are', (_, work) => {
  const plans = plansOf(work);
  expect(plans.filter((step) => step.includes('INDEX runs_active'))).not.toEqual([]);
  const all = plans.filter((step) => step.startsWith('SCAN') && !PARTS.includes(step));
  expect(all).toEqual([]);
});

it.each([
  ['since a look', (store: RunStore) => store.since({ run: 7, attempt: 7 }, ['a'])],
  ['of some jobs', (store: RunStore) => store.activeForJobs(['a'])],
])('the runs %s are looked up, each by itself', (_, ask) => {
  const plans = plansOf((db) => ask(new RunStore(db)));
  expect(plans.filter((step) => /^SCAN (runs|attempts)/.test(step))).toEqual([]);
});

/** One run that waits: without any nothing is asked about hosts. */
function oneWaits(db: QuickscrapeDatabase): void {
  db.run(
    `INSERT INTO runs (run_id, job_id, config_name, trigger, requested_by, timezone, status, max_attempts, host, queued_at,
       not_before) VALUES ('a', 'a', 'a', 'manual', 'cli', 'UTC', 'queued', 1, 'shop.example', 1, 1)`,
  );
}

it('the runs that may start are looked up by priority, instant and host: none of those that wait is passed one by one', () => {
  const plans = plansOf((db) => {
    oneWaits(db);
    startableRuns(db, 1_000, 4, 2);
  });
  const lookups = plans.filter((step) => / runs_waiting/.test(step));
  expect(lookups).toContain('SEARCH runs USING INDEX runs_waiting (priority=? AND not_before<?)');
  expect(lookups).toContain(
    'SEARCH runs USING INDEX runs_waiting_by_host (priority=? AND host=? AND pool=? AND not_before<?)',
  );
  for (const part of ['host>?', 'host=? AND pool>?'])
    expect(lookups.some((step) => step.includes(`runs_waiting_by_host (priority=? AND ${part})`))).toBe(true);
  expect(lookups.filter((step) => step.startsWith('SCAN'))).toEqual([]);
});

it.for<[string, (workspace: Workspace) => unknown]>([
  ['who looks after the runs', reconcileRuns],
  ['the status', schedulerStatus],
])('%s reads no run that only waits', ([_, ask], { workspace }) => {
  oneWaits(workspace.db);
  const rows = vi.spyOn(workspace.db, 'all');
  ask(workspace);
  const read = rows.mock.results.flatMap(({ value }) => value as { run_id?: string }[]);
  expect(read.filter((row) => row.run_id === 'a')).toEqual([]);
});
