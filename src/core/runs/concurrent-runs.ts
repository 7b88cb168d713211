import type { QuickscrapeDatabase } from '../database/database.ts';
import { type Period, readInSlices } from './runs-in-period.ts';

/**
 * Counts the maximum number of concurrent runs, of all jobs, in each step of a period. A step is `step` ms long; steps
 * after `now` count 0. A run does not count between its attempts. It pauses after each slice of some milliseconds, and
 * returns the counts.
 * @throws QuickscrapeError `store_unavailable`
 */
export function* countConcurrentRuns(
  db: QuickscrapeDatabase,
  { from, until }: Period,
  { step, now }: { step: number; now: number },
): Generator<undefined, Uint32Array> {
  const steps = new Uint32Array(Math.max(0, Math.ceil((until - from) / step)));
  // What begins and ends in each step: twice the ms after `from`, and 1 more for a begin, so that ends come first.
  const moments = Array.from(steps, (): number[] => []);
  yield* readInSlices(db, 'attempts', ({ after, upTo }) => {
    const row = db.get<{ spans: string | null }>(
      // One text: an object for each row would take five times as long.
      `SELECT group_concat(max(0, started_at - :from) || ' ' || (max(started_at + 1, coalesce(finished_at, :now + 1)) - :from), ' ')
         AS spans FROM attempts
       WHERE rowid > :after AND rowid <= :upTo AND started_at < :until
         AND max(started_at + 1, coalesce(finished_at, :now + 1)) > :from`,
      { from, until, now, after, upTo },
    );
    const ends = row?.spans?.split(' ') ?? [];
    for (const [index, text] of ends.entries()) {
      const at = Number(text);
      moments[Math.floor(at / step)]?.push(index % 2 === 0 ? 2 * at + 1 : 2 * at);
    }
  });
  // The step that contains `now` is the last one that counts runs.
  const untilNow = Math.min(steps.length, Math.floor((now - from) / step) + 1);
  let level = 0;
  for (let index = 0; index < untilNow; index += 1) {
    const sorted = Float64Array.from(moments[index] ?? []).sort();
    const start = 2 * index * step;
    let max = (sorted[0] ?? Number.POSITIVE_INFINITY) > start + 1 ? level : 0;
    for (const [place, moment] of sorted.entries()) {
      level += moment % 2 === 0 ? -1 : 1;
      // Once all that happens at the instant is counted.
      if (Math.floor((sorted[place + 1] ?? Number.POSITIVE_INFINITY) / 2) > Math.floor(moment / 2))
        max = Math.max(max, level);
    }
    steps[index] = max;
    yield;
  }
  return steps;
}
