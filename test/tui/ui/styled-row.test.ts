import { expect, it } from 'vitest';
import { BLANK, plainRow, rowsInWindow, tableHead } from '../../../src/tui/ui/styled-row.ts';

const ROWS = [
  plainRow('Repair', 'heading'),
  plainRow('price'),
  BLANK,
  plainRow('Run abc', 'heading'),
  tableHead('FIELD  MATCHED'),
  plainRow('price  0'),
  plainRow('title  60'),
];

it.each([
  [0, 1, 1],
  [0, 2, 2],
  [0, 3, 2],
  [0, 4, 2],
  [0, 5, 2],
  [0, 6, 6],
  [0, 7, 7],
  [3, 2, 1],
  [4, 3, 3],
])('from row %d on, %d rows show %d: none ends with a title or a head alone', (top, height, count) => {
  expect(rowsInWindow(ROWS, top, height)).toEqual(ROWS.slice(top, top + count));
});

it('shows a title at the end of all rows', () => {
  expect(rowsInWindow(ROWS.slice(0, 4), 0, 10)).toHaveLength(4);
});
