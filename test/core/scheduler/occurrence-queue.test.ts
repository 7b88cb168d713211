import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER_PEEKED, OccurrenceQueue } from '../../../src/core/scheduler/occurrence-queue.ts';

describe('the agenda', () => {
  it('gives due jobs in the order of their instants and keeps the others', () => {
    const agenda = new OccurrenceQueue();
    agenda.set('late', 300);
    agenda.set('first', 100);
    agenda.set('second', 200);
    expect(agenda.takeDue(200)).toEqual([
      { jobId: 'first', at: 100 },
      { jobId: 'second', at: 200 },
    ]);
    expect(agenda.next()).toBe(300);
  });

  it('forgets the old instant of a job that was planned anew or taken off', () => {
    const agenda = new OccurrenceQueue();
    agenda.set('moved', 100);
    agenda.set('moved', 500);
    agenda.set('gone', 50);
    agenda.set('gone', undefined);
    expect(agenda.takeDue(400)).toEqual([]);
    expect(agenda.takeDue(500)).toEqual([{ jobId: 'moved', at: 500 }]);
  });

  it('gives a job once when it was moved away and back', () => {
    const agenda = new OccurrenceQueue();
    for (const at of [100, 200, 100]) agenda.set('job', at);
    expect(agenda.takeDue(1_000)).toEqual([{ jobId: 'job', at: 100 }]);
    expect(agenda.takeDue(1_000)).toEqual([]);
  });

  it('shows what comes up first, and takes nothing off', () => {
    const agenda = new OccurrenceQueue();
    for (const jobId of ['c', 'a', 'b']) agenda.set(jobId, 100);
    agenda.set('later', 200);
    agenda.set('gone', 150);
    agenda.set('gone', undefined);
    for (const at of [160, 100, 160]) agenda.set('back', at);
    const first = ['a', 'b', 'c'].map((jobId) => ({ jobId, at: 100 }));
    const span = { after: 0, most: 9 };
    expect(agenda.peek({ ...span, until: 155 })).toEqual({
      planned: first,
      beyond: 160,
    });
    expect(agenda.peek({ ...span, until: 160 })).toEqual({
      planned: [...first, { jobId: 'back', at: 160 }],
      beyond: 200,
    });
    expect(agenda.peek({ after: 0, until: 200, most: 2 })).toMatchObject({
      planned: first.slice(0, 2),
    });
    expect(agenda.peek({ after: 100, until: 999, most: 9 })).toEqual({
      planned: [
        { jobId: 'back', at: 160 },
        { jobId: 'later', at: 200 },
      ],
      beyond: undefined,
    });
    expect(agenda.takeDue(200).map(({ jobId }) => jobId)).toEqual(['a', 'b', 'c', 'back', 'later']);
  });

  it('lists jobs of one instant by their latest rank, without skipped ones', () => {
    const agenda = new OccurrenceQueue();
    for (const jobId of ['a', 'b', 'c']) agenda.set(jobId, 100, 1);
    agenda.set('late', 101, 9);
    agenda.set('never', 100, NEVER_PEEKED);
    agenda.set('c', 100, 5);
    const ids = () => agenda.peek({ after: 0, until: 200, most: 9 }).planned.map(({ jobId }) => jobId);
    expect(ids()).toEqual(['c', 'a', 'b', 'late']);
    agenda.set('c', 100, 0);
    expect(ids()).toEqual(['a', 'b', 'c', 'late']);
    expect(agenda.takeDue(100).map(({ jobId }) => jobId)).toEqual(['a', 'b', 'c', 'never']);
  });

  it('lists jobs as a plain sort does, after any changes', () => {
    const instant = fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined });
    const step = fc.record({
      jobId: fc.constantFrom(...'abcdefgh'),
      at: instant,
      rank: fc.constantFrom(0, 1, 2, NEVER_PEEKED),
    });
    const span = fc.record({ after: fc.nat(20), until: fc.nat(20), most: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), span, (steps, { after, until, most }) => {
        const agenda = new OccurrenceQueue();
        const model = new Map<string, { at: number; rank: number }>();
        for (const { jobId, at, rank } of steps) {
          agenda.set(jobId, at, rank);
          if (at === undefined) model.delete(jobId);
          else model.set(jobId, { at, rank });
        }
        const wanted = [...model]
          .filter(([, { at, rank }]) => at > after && at <= until && rank !== NEVER_PEEKED)
          .sort(([a, one], [b, two]) => one.at - two.at || two.rank - one.rank || (a < b ? -1 : 1))
          .map(([jobId, { at }]) => ({ jobId, at }));
        const shown = agenda.peek({ after, until, most });
        expect(shown.planned).toEqual(wanted.slice(0, most));
        const later = [...model.values()].map(({ at }) => at).filter((at) => at > until);
        if (later.length > 0) expect(shown.beyond).toBeLessThanOrEqual(Math.min(...later));
        if (shown.beyond !== undefined) expect(shown.beyond).toBeGreaterThan(until);
      }),
    );
  });

  it('agrees with a plain map after any changes', () => {
    const step = fc.record({
      jobId: fc.constantFrom('a', 'b', 'c'),
      at: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
      take: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const agenda = new OccurrenceQueue();
        const model = new Map<string, number>();
        for (const { jobId, at, take } of steps) {
          agenda.set(jobId, at);
          if (at === undefined) model.delete(jobId);
          else model.set(jobId, at);
          if (take === undefined) continue;
          const due = [...model].filter(([, instant]) => instant <= take);
          for (const [id] of due) model.delete(id);
          expect(
            agenda
              .takeDue(take)
              .map((entry) => entry.jobId)
              .sort(),
          ).toEqual(due.map(([id]) => id).sort());
        }
        expect(agenda.size).toBe(model.size);
      }),
    );
  });
});
