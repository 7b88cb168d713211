import { expect, it } from 'vitest';
import { centerRect } from '../../../src/tui/ui/components/overlay.tsx';

const body = { column: 0, row: 1, columns: 120, rows: 30 };

it.each([
  [119, 120, 0],
  [118, 120, 0],
  [113, 120, 0],
  [112, 112, 4],
  [84, 84, 18],
  [200, 120, 0],
])(
  'a box of %d cells takes %d of 120, from cell %d on: no sliver of the view is left',
  (wanted, columns, column) => {
    expect(centerRect(body, wanted, 10)).toEqual({ column, row: 11, columns, rows: 10 });
  },
);
