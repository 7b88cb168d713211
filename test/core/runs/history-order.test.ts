import { expect, it } from 'vitest';
import { pruneOccurrences, pruneRuns } from '../../../src/core/execution/retention.ts';
import { clockedHome } from '../../clocked-home.ts';

const MINUTE = 60_000;

/** A home in which twenty occurrences have been decided at the same instant. */
async function decidedTogether() {
  const home = clockedHome('2026-11-25T12:00:30Z');
  await home.job('a', '* * * * *', { catch_up: 'none' });
  home.begin();
  home.crash();
  home.clock.stall(20 * MINUTE);
  home.begin();
  home.clock.advance(MINUTE / 10);
  const { db, runs, paths } = home.workspace;
  expect(db.all('SELECT DISTINCT queued_at FROM runs')).toHaveLength(1);
  return { db, runs, paths };
}

const instants = (runs: readonly { scheduledFor: number | null }[]) =>
  runs.map(({ scheduledFor }) => scheduledFor ?? 0);

it('occurrences that were decided together are listed the newest first, over all pages', async () => {
  const { runs } = await decidedTogether();
  const seen: number[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = runs.list({ jobId: 'a', limit: 7, cursor });
    seen.push(...instants(page.runs));
    cursor = page.nextCursor;
  }
  expect(seen).toHaveLength(20);
  expect(seen).toEqual([...seen].sort((one, other) => other - one));
});

it('of occurrences that were decided together the newest are kept', async () => {
  const { db, runs, paths } = await decidedTogether();
  const newest = instants(runs.list({ jobId: 'a', limit: 100 }).runs).sort((one, other) => other - one);
  pruneOccurrences(db, 'a', 10);
  expect(instants(runs.list({ jobId: 'a', limit: 100 }).runs)).toEqual(newest.slice(0, 10));
  await pruneRuns(paths, db, 'a', 4);
  expect(instants(runs.list({ jobId: 'a', limit: 100 }).runs)).toEqual(newest.slice(0, 4));
});
