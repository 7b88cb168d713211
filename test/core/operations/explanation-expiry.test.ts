import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explainJob, type JobFacts } from '../../../src/core/operations/explain-job.ts';
import { explanationValidUntil } from '../../../src/core/operations/explanation-expiry.ts';
import { ON_TIME_MS } from '../../../src/core/schedule/misfire.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const SECOND = 1_000;

/** A job whose occurrences are `every` ms apart from NOW on, as it is at an instant: what passes with no scheduler is overdue. */
interface Made {
  facts: Omit<JobFacts, 'now' | 'next' | 'overdue'>;
  /** Of an occurrence, in ms from NOW. */
  first: number;
  every: number;
}

function at(now: number, { facts, first, every }: Made): { facts: JobFacts; firstUndecided: number } {
  const after = (instant: number) => NOW + first + Math.ceil((instant + 1 - NOW - first) / every) * every;
  const firstUndecided = after(facts.watermark);
  const isOverdue = facts.scheduler.state === 'off' && now - firstUndecided > ON_TIME_MS;
  const next = after(Math.max(now, facts.watermark));
  const overdue = isOverdue ? { first: firstUndecided, last: next - every } : null;
  return { facts: { ...facts, now, next, overdue }, firstUndecided };
}

const made: fc.Arbitrary<Made> = fc.record({
  first: fc.integer({ min: -90 * SECOND, max: 90 * SECOND }),
  every: fc.integer({ min: SECOND, max: 60 * SECOND }),
  facts: fc.record({
    jobId: fc.constant('news'),
    timezone: fc.constantFrom('Europe/Berlin', 'Etc/UTC'),
    enabled: fc.constantFrom(true, true, true, false),
    paused: fc.constantFrom(null, null, null, { at: NOW, failures: 3 }),
    scheduler: fc.record({
      state: fc.constantFrom('running' as const, 'stopping' as const, 'off' as const, 'off' as const),
      seenAt: fc.constantFrom(undefined, NOW),
    }),
    clock: fc.constantFrom(undefined, undefined, undefined, 'the clock is wrong'),
    disk: fc.constantFrom(undefined, undefined, undefined, 'the disk is full'),
    catchUp: fc.constantFrom('latest' as const, 'all' as const, 'none' as const),
    graceTime: fc.constantFrom(null, 0, 5, 30, 90),
    watermark: fc.integer({ min: NOW - 100 * SECOND, max: NOW + 20 * SECOND }),
    startsLater: fc.constant(undefined),
    active: fc.constant([]),
    occurrences: fc.constant([]),
    missingConfig: fc.constantFrom(undefined, 'books'),
    warnings: fc.constantFrom([], [], [], ['its times are late']),
  }),
});

it('an explanation is the same at every moment until then', () => {
  let held = 0;
  fc.assert(
    fc.property(made, fc.double({ min: 0, max: 1, noNaN: true }), (job, share) => {
      const { facts, firstUndecided } = at(NOW, job);
      const until = explanationValidUntil(facts, firstUndecided);
      if (until <= NOW) return;
      held += 1;
      for (const later of [Math.floor(NOW + (until - 1 - NOW) * share), until - 1])
        expect(explainJob(at(later, job).facts)).toEqual(explainJob(facts));
    }),
    { numRuns: 3_000 },
  );
  // Most of them do hold for a while, or nothing would have been said.
  expect(held).toBeGreaterThan(300);
});

it('is over when the next occurrence comes', () => {
  const { facts, firstUndecided } = at(NOW, { ...QUIET, first: 7 * SECOND });
  expect(explanationValidUntil(facts, firstUndecided)).toBe(NOW + 7 * SECOND);
});

it('is over when what has passed is too long ago to be made up for', () => {
  const quiet = { ...QUIET.facts, scheduler: { state: 'off' as const, seenAt: NOW }, graceTime: 30 };
  const { facts, firstUndecided } = at(NOW, { every: 300 * SECOND, first: -20 * SECOND, facts: quiet });
  expect(facts.overdue).toEqual({ first: NOW - 20 * SECOND, last: NOW - 20 * SECOND });
  expect(explanationValidUntil(facts, firstUndecided)).toBe(NOW + 10 * SECOND + 1);
});

it('is over within a minute, however long nothing comes', () => {
  expect(explanationValidUntil({ ...at(NOW, QUIET).facts, next: null }, undefined)).toBe(NOW + 60 * SECOND);
});

const QUIET: Made = {
  first: 200 * SECOND,
  every: 300 * SECOND,
  facts: {
    jobId: 'news',
    timezone: 'Europe/Berlin',
    enabled: true,
    paused: null,
    scheduler: { state: 'running', seenAt: NOW },
    clock: undefined,
    disk: undefined,
    catchUp: 'latest',
    graceTime: null,
    watermark: NOW - 60 * SECOND,
    startsLater: undefined,
    active: [],
    occurrences: [],
    missingConfig: undefined,
    warnings: [],
  },
};
