import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseFilter } from '../../../../src/core/jobs/filter/parse-filter.ts';
import { EMPTY_TABLE, type TableState } from '../../../../src/tui/features/jobs/model.ts';
import {
  fillTable,
  hiddenMarks,
  markRange,
  scrollBy,
  selectIndex,
  targetRows,
  toggleAll,
  toggleMark,
} from '../../../../src/tui/features/jobs/table.ts';
import type { JobRow } from '../../../../src/tui/home/job-row.ts';
import { jobRow, NOW, pastRun } from '../../job-rows.ts';

const HEIGHT = 5;
const rowsOf = (names: string) =>
  names
    .split(' ')
    .filter(Boolean)
    .map((id) => jobRow(id));
const filled = (table: TableState, jobs: readonly JobRow[], filter = '') =>
  fillTable(table, { jobs, filter: parseFilter(filter), now: NOW, height: HEIGHT });
const seen = ({ rows, top, selected }: TableState) =>
  rows
    .slice(top, top + HEIGHT)
    .map(({ id }) => (id === selected ? `[${id}]` : id))
    .join(' ');
const at = (index: number, jobs = rowsOf('a b c d e f g h')) =>
  selectIndex(filled(EMPTY_TABLE, jobs), index, HEIGHT);

it('selects the first job when there are some', () => {
  expect(seen(filled(EMPTY_TABLE, rowsOf('a b c')))).toBe('[a] b c');
  expect(filled(EMPTY_TABLE, []).selected).toBeUndefined();
});

it('keeps the selected row off the edge as long as there is more', () => {
  expect(seen(at(3))).toBe('b c [d] e f');
  expect(seen(at(7))).toBe('d e f g [h]');
  expect(seen(selectIndex(at(7), 4, HEIGHT))).toBe('c d [e] f g');
  expect(at(99).selected).toBe('h');
});

it('the cursor stays on its job, and on its line, when rows come and go above it', () => {
  expect(seen(filled(at(4), rowsOf('a aa ab b c d e f g h')))).toBe('c d [e] f g');
  expect(seen(filled(at(4), rowsOf('c d e f g h')))).toBe('c d [e] f g');
});

it('when its job is gone, it goes to the next one that is there, else to the one before', () => {
  expect(filled(at(4), rowsOf('a b c d g h')).selected).toBe('g');
  expect(filled(at(4), rowsOf('a b')).selected).toBe('b');
  expect(filled(at(4), rowsOf('x y')).selected).toBe('x');
});

it('goes to a job that is awaited when it comes, but not where the filter hides it, also later', () => {
  const awaiting = { ...at(4), pendingSelection: 'new' };
  expect(filled(awaiting, rowsOf('a b new')).selected).toBe('new');
  const before = filled(awaiting, rowsOf('a b c d e'));
  expect(filled(before, rowsOf('a b new')).selected).toBe('new');
  const hidden = filled(before, rowsOf('a b c d e new'), '!id:new');
  expect(filled(hidden, rowsOf('a b c d e new')).selected).toBe('e');
});

it('a filter that hides its job moves it to a neighbour, and it stays there afterwards', () => {
  const hidden = filled(at(4), rowsOf('a b c d e f g h'), '!id:e');
  expect(hidden.selected).toBe('f');
  expect(filled(hidden, rowsOf('a b c d e f g h')).selected).toBe('f');
});

it('with nothing new it is the very same table', () => {
  const jobs = rowsOf('a b c');
  const table = filled(EMPTY_TABLE, jobs);
  expect(filled(table, jobs)).toBe(table);
  expect(filled(table, [...jobs]).rows).toBe(table.rows);
  expect(selectIndex(table, 0, HEIGHT)).toBe(table);
});

it('marks one, a range and all that are listed; those of jobs that are gone go', () => {
  const table = at(1);
  const marks = markRange(toggleMark(table.marks, 'a'), table.rows, 4, 2);
  const marked = { ...table, marks };
  expect([...marks].sort()).toEqual(['a', 'c', 'd', 'e']);
  expect([...filled(marked, rowsOf('a b d')).marks].sort()).toEqual(['a', 'd']);
  const filtered = filled(marked, rowsOf('a b c d e'), '!id:a');
  expect(filtered.marks.size).toBe(4);
  expect(hiddenMarks(filtered)).toBe(1);
  expect(targetRows(filtered).map(({ id }) => id)).toEqual(['c', 'd', 'e']);
  expect([...toggleAll(filtered.marks, filtered.rows)].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect([...toggleAll(toggleAll(filtered.marks, filtered.rows), filtered.rows)]).toEqual(['a']);
});

it('without marks an action is meant for the selected job', () => {
  expect(targetRows(at(2)).map(({ id }) => id)).toEqual(['c']);
  expect(targetRows(EMPTY_TABLE)).toEqual([]);
});

it('scrolling takes the selection along only at the edge', () => {
  expect(seen(scrollBy(at(3), 1, HEIGHT))).toBe('c d [e] f g');
  expect(seen(scrollBy(at(0), -3, HEIGHT))).toBe('[a] b c d e');
  expect(seen(scrollBy(at(4), 99, HEIGHT))).toBe('d e [f] g h');
});

it('the cursor keeps its job and stays visible under any changes and sorting', () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 30 });
  const sort = fc.record({ by: fc.constantFrom('items', 'job', 'state'), descending: fc.boolean() });
  const build = (items: readonly (number | null)[]) =>
    items.map((count, index) =>
      jobRow(`job-${String(index).padStart(2, '0')}`, {
        last: count === null ? null : pastRun({ items: count }),
      }),
    );
  fc.assert(
    fc.property(
      values,
      fc.nat(),
      sort,
      fc.array(sort, { maxLength: 3 }),
      fc.infiniteStream(fc.option(fc.integer({ min: 0, max: 5 }))),
      (first, index, begin, sorts, more) => {
        let table = selectIndex(
          filled({ ...EMPTY_TABLE, sort: begin }, build(first)),
          index % first.length,
          HEIGHT,
        );
        const { selected } = table;
        for (const next of sorts) {
          table = filled({ ...table, sort: next }, build(first.map(() => more.next().value ?? null)));
          expect(table.selected).toBe(selected);
          expect(table.rows[table.index]?.id).toBe(selected);
          expect(table.index).toBeGreaterThanOrEqual(table.top);
          expect(table.index).toBeLessThan(table.top + HEIGHT);
        }
      },
    ),
  );
});
