import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JobSchedule } from '../../../src/core/schedule/job-schedule.ts';

interface Vector {
  id: string;
  tag: string;
  schedule: Record<string, unknown>;
  timezone?: string;
  from: string;
  expected: string[];
}

function vectorsOf(file: string): Vector[] {
  const text = readFileSync(new URL(`../../vectors/${file}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { vectors: Vector[] }).vectors;
}

function scheduleOf({ schedule, timezone }: Vector): JobSchedule {
  return JobSchedule.fromDict({ ...(timezone !== undefined && { timezone }), ...schedule });
}

describe.each([
  ['public.json', 490],
  ['oracle.json', 174],
])('schedule vectors %s', (file, rows) => {
  const vectors = vectorsOf(file);

  it(`has its ${rows} rows`, () => {
    expect(vectors).toHaveLength(rows);
  });

  it('gives every row’s occurrences, in order', () => {
    const wrong = vectors.flatMap((vector) => {
      const found = scheduleOf(vector).getNextRunTimes(vector.expected.length, new Date(vector.from));
      const actual = found.map((at) => at.toISOString().replace('.000Z', 'Z'));
      return JSON.stringify(actual) === JSON.stringify(vector.expected) ? [] : [{ vector, actual }];
    });
    expect(wrong).toEqual([]);
  });

  it('gives the same when each occurrence is asked for on its own', () => {
    const wrong = vectors.filter((vector) => {
      const schedule = scheduleOf(vector);
      let from: Date | null = new Date(vector.from);
      return !vector.expected.every((wanted) => {
        from = from && schedule.getNextRunTime(from);
        return from?.getTime() === Date.parse(wanted);
      });
    });
    expect(wrong).toEqual([]);
  });

  it('can describe every row', () => {
    for (const vector of vectors) expect(scheduleOf(vector).describe()).not.toMatch(/undefined|NaN|null/);
  });
});
