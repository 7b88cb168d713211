import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { SqlParams } from '../../../src/core/database/sql-params.ts';
import { QuickscrapeDatabase } from '../../../src/core/run/database.ts';
import { bringForward, followJump } from '../../../src/core/run/follow-clock.ts';
import { nextQueuedAfter, runsUnderWay, startableRuns } from '../../../src/core/run/run-queue.ts';
import { RunStore } from '../../../src/core/run/run-store.ts';
import { tempFolder } from '../../temp-folder.ts';

/** Scans that see no run that is over. */
const PARTS = ['SCAN CONSTANT ROW', 'SCAN runs USING INDEX runs_waiting'];

/** How SQLite carries out each statement of `work`, a step a line. */
function plansOf(work: (db: QuickscrapeDatabase) => unknown): string[] {
  const db = new QuickscrapeDatabase(join(tempFolder(), 'quickscrape.db'));
  onTestFinished(() => db.close());
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
  ['the runs under way', runsUnderWay],
  ['when the next one that waits is due', (db: QuickscrapeDatabase) => nextQueuedAfter(db, 1_000)],
  ['whether a process carries a run', (db: QuickscrapeDatabase) => new RunStore(db).anyToLookAfter()],
  ['a jump of the clock', (db: QuickscrapeDatabase) => followJump(db, -1_000)],
  ['what a wrong clock has put off', (db: QuickscrapeDatabase) => bringForward(db, 1_000)],
])('%s: runs that are over are not looked at, however many there are', (_, work) => {
  const plans = plansOf(work);
  expect(plans.filter((step) => step.includes('INDEX runs_active'))).not.toEqual([]);
  const all = plans.filter((step) => step.startsWith('SCAN') && !PARTS.includes(step));
  expect(all).toEqual([]);
});

it('the runs that may start are found in their order: with many that wait none is sorted', () => {
  const plans = plansOf((db) => startableRuns(db, 1_000, 4, 2));
  expect(plans).toContain('SCAN runs USING INDEX runs_waiting');
  expect(plans.filter((step) => step.includes('FOR ORDER BY'))).toEqual([]);
});
