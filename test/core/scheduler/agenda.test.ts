import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../../src/core/scheduler/agenda.ts';

describe('the agenda', () => {
  it('gives due jobs in the order of their instants and keeps the others', () => {
    const agenda = new Agenda();
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
    const agenda = new Agenda();
    agenda.set('moved', 100);
    agenda.set('moved', 500);
    agenda.set('gone', 50);
    agenda.set('gone', undefined);
    expect(agenda.takeDue(400)).toEqual([]);
    expect(agenda.takeDue(500)).toEqual([{ jobId: 'moved', at: 500 }]);
  });

  it('gives a job once when it was moved away and back', () => {
    const agenda = new Agenda();
    for (const at of [100, 200, 100]) agenda.set('job', at);
    expect(agenda.takeDue(1_000)).toEqual([{ jobId: 'job', at: 100 }]);
    expect(agenda.takeDue(1_000)).toEqual([]);
  });

  it('shows what comes up first, in order, and takes nothing off', () => {
    const agenda = new Agenda();
    for (const jobId of ['c', 'a', 'b']) agenda.set(jobId, 100);
    agenda.set('later', 200);
    agenda.set('gone', 150);
    agenda.set('gone', undefined);
    for (const at of [160, 100, 160]) agenda.set('back', at);
    const first = ['a', 'b', 'c'].map((jobId) => ({ jobId, at: 100 }));
    expect(agenda.upTo(150, 9)).toEqual({ planned: first, after: 160 });
    expect(agenda.upTo(160, 9)).toEqual({ planned: [...first, { jobId: 'back', at: 160 }], after: 200 });
    expect(agenda.upTo(200, 2)).toEqual({ planned: first.slice(0, 2), after: 100 });
    expect(agenda.upTo(999, 9).after).toBeUndefined();
    expect([agenda.at('a'), agenda.at('gone')]).toEqual([100, undefined]);
    expect(agenda.takeDue(200).map(({ jobId }) => jobId)).toEqual(['a', 'b', 'c', 'back', 'later']);
  });

  it('agrees with a plain map, whatever is set and taken', () => {
    const step = fc.record({
      jobId: fc.constantFrom('a', 'b', 'c'),
      at: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
      take: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const agenda = new Agenda();
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
