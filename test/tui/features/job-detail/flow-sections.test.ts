import { expect, it } from 'vitest';
import { flowSections } from '../../../../src/tui/features/job-detail/flow-sections.ts';
import { plainRow, type StyledRow, styledRow, wrappedRows } from '../../../../src/tui/ui/styled-row.ts';
import { rowText } from '../../row-text.ts';

const section = (name: string, count: number) => (): StyledRow[] =>
  Array.from({ length: count }, (_, at) => plainRow(`${name} ${at}`));

const flowed = (
  sections: readonly ((columns: number) => StyledRow[])[],
  area: { columns: number; height?: number; split?: number },
  now = 0,
) =>
  flowSections((columns) => sections.map((one) => one(columns)), { dense: false, now, ...area }).map((row) =>
    rowText(row, now),
  );

it('are one below the other where all rows are in sight, or the pane is narrow, or a screen reader reads', () => {
  const sections = [section('a', 2), section('none', 0), section('b', 2)];
  const single = ['a 0', 'a 1', '', 'b 0', 'b 1'];
  expect(flowed(sections, { columns: 120, height: 5 })).toEqual(single);
  expect(flowed(sections, { columns: 99, height: 2 })).toEqual(single);
  expect(flowed(sections, { columns: 120 })).toEqual(single);
});

it('have two columns in a wide pane where rows would be hidden', () => {
  const sections = [section('a', 2), section('b', 2)];
  expect(flowed(sections, { columns: 103, height: 3 })).toEqual([
    `${'a 0'.padEnd(53)}b 0`,
    `${'a 1'.padEnd(53)}b 1`,
  ]);
});

it('are divided at the same section in a wide pane, also where one column would show all', () => {
  const beside = [`${'a 0'.padEnd(53)}c 0`, `${'a 1'.padEnd(53)}c 1`, '', 'b 0'];
  for (const height of [4, 20]) {
    const sections = [section('a', 2), section('b', 1), section('c', 2)];
    expect(flowed(sections, { columns: 103, height, split: 2 })).toEqual(beside);
  }
  // One more row before them moves the others down, and to no other column.
  const more = flowed([section('a', 4), section('b', 1), section('c', 2)], {
    columns: 103,
    height: 6,
    split: 2,
  });
  expect(more[0]).toBe(beside[0]);
  // Another division shows more rows here.
  const high = [section('a', 3), section('b', 3), section('c', 1)];
  expect(flowed(high, { columns: 103, height: 5, split: 2 })).toHaveLength(5);
});

it('leave out the blank rows between them where that brings all into sight', () => {
  const sections = [section('a', 2), section('b', 2), section('c', 4)];
  const rows = flowed(sections, { columns: 103, height: 4 });
  expect(rows.map((row) => row.slice(0, 3))).toEqual(['a 0', 'a 1', 'b 0', 'b 1']);
});

it('keep one column where two would cut a text that one shows', () => {
  const long = (columns: number) => [styledRow(columns, { text: 'x'.repeat(90), style: 'plain' })];
  const sections = [section('a', 2), long, section('b', 2), long];
  const rows = flowed(sections, { columns: 120, height: 4 });
  expect(rows).toHaveLength(9);
  expect(rows.join('')).not.toContain('…');
});

it('keep one column where two would cut a text that changes with the time', () => {
  const long = (columns: number) => [
    styledRow(columns, { text: 'ok', style: 'good' }, { text: () => ` ${'x'.repeat(80)}`, style: 'plain' }),
  ];
  expect(flowed([long, section('b', 2)], { columns: 120, height: 2 }).join('')).not.toContain('…');
});

it('a section that is too long for its column goes on in the other one', () => {
  const rows = flowed([section('a', 9)], { columns: 103, height: 5 });
  expect(rows[0]).toBe(`${'a 0'.padEnd(53)}a 5`);
  expect(rows).toHaveLength(5);
});

it('a countdown in the left column leaves the right one in its place', () => {
  const countdown = (columns: number) => [
    styledRow(columns, { text: 'ok', style: 'good' }, { text: (now) => ` in ${now}s`, style: 'plain' }),
    plainRow('more'),
  ];
  for (const now of [9, 1_000]) {
    const [row] = flowed([countdown, section('b', 2)], { columns: 103, height: 2 }, now);
    expect(row).toBe(`${`ok in ${now}s`.padEnd(53)}b 0`);
  }
});

it('divide no text of several rows, such as an address, between the columns', () => {
  const about = wrappedRows(`http://127.0.0.1/${'shop/'.repeat(30)}1.html`, 40);
  const sections = [section('a', 3), () => about, section('b', 1)];
  const rows = flowed(sections, { columns: 103, height: 4 });
  expect(rows.slice(0, 3).map((row) => row.slice(0, 3))).toEqual(['a 0', 'a 1', 'a 2']);
  expect(rows[0]?.slice(53)).toMatch(/^http:/);
});
