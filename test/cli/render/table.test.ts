import picocolors from 'picocolors';
import { expect, it } from 'vitest';
import { type Column, renderFields, renderTable } from '../../../src/cli/render/table.ts';
import type { Terminal } from '../../../src/cli/render/terminal.ts';
import { displayWidth } from '../../../src/core/lib/display-width.ts';

interface Row {
  name: string;
  text: string;
  count: number;
}

const columns: Column<Row>[] = [
  { title: 'NAME', value: (row) => row.name },
  { title: 'TEXT', value: (row) => row.text, flexible: true },
  { title: 'N', value: (row) => String(row.count), align: 'right' },
];
const rows: Row[] = [
  { name: 'a', text: 'short', count: 1 },
  { name: 'bb', text: 'a text that is much longer than the others are', count: 1000 },
];
const terminal = (width: number | undefined, color = false): Terminal => ({
  isTerminal: width !== undefined,
  columns: width,
  colors: picocolors.createColors(color),
  write: () => {},
});

it('puts rows under titles, numbers to the right, without borders or trailing blanks', () => {
  expect(renderTable(columns, rows, terminal(undefined))).toBe(
    [
      'NAME  TEXT                                               N',
      'a     short                                              1',
      'bb    a text that is much longer than the others are  1000',
    ].join('\n'),
  );
});

it('cuts flexible columns to the terminal’s width and marks them with …', () => {
  const lines = renderTable(columns, rows, terminal(30)).split('\n');
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(30);
  expect(lines[2]).toContain('…');
  expect(lines[2]).toMatch(/ 1000$/);
});

it('cleans cells before it colours them', () => {
  const hostile = [{ name: '\x1b[2Jx', text: 'line\nbreak', count: 0 }];
  const painted = renderTable(
    [
      {
        title: 'NAME',
        value: (row: Row) => row.name,
        paint: (text) => picocolors.createColors(true).red(text),
      },
    ],
    hostile,
    terminal(undefined, true),
  );
  expect(painted).not.toContain('\x1b[2J');
  expect(painted).toContain('\x1b[31m\ufffd[2Jx\x1b[39m');
  expect(renderTable(columns, hostile, terminal(undefined))).toContain('line break');
});

it('shows one thing as names and values', () => {
  expect(
    renderFields(
      [
        ['job', 'a\x07'],
        ['status', 'done'],
      ],
      terminal(undefined),
    ),
  ).toBe('job     a\ufffd\nstatus  done');
});

it('shows short values, then leaves columns out in their order, and cuts an id only below its own width', () => {
  const wide: Column<Row>[] = [
    { title: 'ID', value: () => 'an-id-of-20-letters-' },
    { title: 'WHEN', value: () => '2026-11-25 09:00 +01:00', short: () => 'in 7 h', drop: 2 },
    { title: 'TAGS', value: () => 'one, two, three, four', flexible: true, drop: 1 },
  ];
  const [row] = rows;
  if (row === undefined) throw new Error('no row');
  const second = (width: number) => renderTable(wide, [row], terminal(width)).split('\n')[1];
  expect(second(80)).toContain('+01:00');
  expect(second(60)).toBe('an-id-of-20-letters-  in 7 h  one, two, three, four');
  expect(second(45)).toBe('an-id-of-20-letters-  in 7 h  one, two, thre…');
  expect(second(40)).toBe('an-id-of-20-letters-  in 7 h');
  expect(second(25)).toBe('an-id-of-20-letters-');
  for (let width = 1; width < 80; width += 1) {
    for (const table of [wide, columns])
      for (const line of renderTable(table, rows, terminal(width)).split('\n'))
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
  }
});

it('goes on with a long value in its own column, without cutting a word', () => {
  expect(renderFields([['what', 'one two three-and-a-half']], terminal(14))).toBe(
    'what  one two\n      three-and-a-half',
  );
});
