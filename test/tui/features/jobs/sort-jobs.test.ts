import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SORTS } from '../../../../src/tui/features/jobs/model.ts';
import { nextSort, sortJobs, toggleSort } from '../../../../src/tui/features/jobs/table.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).join(' ');

it('equal values stay in the order of the ids, and missing ones are last, in both directions', () => {
  const rows = [
    jobRow('a', { nextRun: NOW + 2 }),
    jobRow('b'),
    jobRow('c', { nextRun: NOW + 1 }),
    jobRow('d', { nextRun: NOW + 2 }),
    jobRow('e'),
  ];
  expect(ids(sortJobs(rows, { by: 'next', descending: false }))).toBe('c a d b e');
  expect(ids(sortJobs(rows, { by: 'next', descending: true }))).toBe('a d c b e');
});

it('puts jobs that need attention first when sorted by state', () => {
  const rows = [
    jobRow('a'),
    jobRow('b', { state: 'disabled' }),
    jobRow('c', { state: 'failed' }),
    jobRow('d', { state: 'invalid' }),
  ];
  expect(ids(sortJobs(rows, { by: 'state', descending: false }))).toBe('d c a b');
});

it('sorting by the same column twice reverses it; each begins with its natural order', () => {
  const items = toggleSort({ by: 'job', descending: false }, 'items');
  expect(items).toEqual({ by: 'items', descending: true });
  expect(toggleSort(items, 'items')).toEqual({ by: 'items', descending: false });
  expect(nextSort({ by: 'job', descending: true }, -1).by).toBe(SORTS.at(-1)?.by);
});

it('every sort keeps every row once, for any values', () => {
  const row = fc
    .record({
      items: fc.option(fc.integer({ min: 0, max: 3 })),
      tags: fc.array(fc.string({ maxLength: 2 }), { maxLength: 2 }),
    })
    .map(({ items, tags }) => ({ tags, last: items === null ? null : pastRun({ items }) }));
  const sort = fc.record({ by: fc.constantFrom(...SORTS.map(({ by }) => by)), descending: fc.boolean() });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), sort, (fields, wanted) => {
      const rows = fields.map((each, index) => jobRow(`job-${String(index).padStart(2, '0')}`, each));
      const sorted = sortJobs(rows, wanted);
      expect(new Set(sorted)).toEqual(new Set(rows));
      expect(sortJobs(rows, wanted)).toEqual(sorted);
      if (wanted.by !== 'items') return;
      const values = sorted.map(({ last }) => last?.items ?? null);
      const known = values.filter((value) => value !== null);
      expect(values.slice(0, known.length)).toEqual(known);
      expect(known).toEqual([...known].sort((a, b) => (wanted.descending ? b - a : a - b)));
    }),
  );
});
