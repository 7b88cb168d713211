import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { ItemDetail } from '../../../../src/tui/features/items/item-detail.tsx';

afterEach(cleanup);

const ITEM = { title: 'Attic', price: '49.99' };

function linesOf(props: Partial<Parameters<typeof ItemDetail>[0]>): string[] {
  const { lastFrame } = render(
    <ItemDetail item={ITEM} change={undefined} required={[]} columns={40} rows={8} {...props} />,
  );
  return (lastFrame() ?? '').split('\n').filter((line) => line !== '');
}

it('shows the former values of a changed item, too', () => {
  expect(linesOf({ change: { kind: 'changed', item: ITEM, before: { price: '51.77' } } })).toEqual([
    'title',
    '  Attic',
    'price',
    '- 51.77',
    '+ 49.99',
  ]);
  expect(linesOf({ change: { kind: 'added', item: ITEM, before: {} } })).toEqual(linesOf({}));
});

it('has a sign for a value that is missing, another one where each item needs one', () => {
  const item = { title: 'Attic', price: null, isbn: ' ' };
  expect(linesOf({ item, required: ['price'] })).toEqual(['title', '  Attic', 'price', '  —', 'isbn', '  ·']);
});

it('says how much of it has no room, and how to see it', () => {
  const item = { title: 'Attic', text: 'word '.repeat(60) };
  const lines = linesOf({ item });
  expect(lines).toHaveLength(8);
  expect(lines.at(-1)).toBe('4 more lines: o shows all in $PAGER');
});

it('shows the curve of a field with a history, and its first, lowest, highest and present value', () => {
  const at = (day: number) => `2026-11-0${day}T09:00:00+00:00`;
  const kept = (value: unknown, day: number) => ({ value, at: at(day), run_id: `r${day}`, field: 'price' });
  const history = {
    price: {
      field: 'price',
      values: 3,
      first: kept('20', 1),
      current: kept('15', 5),
      lowest: kept('10', 3),
      highest: kept('20', 1),
      points: [kept('15', 5), kept('10', 3), kept('20', 1)],
    },
  };
  const now = Date.parse(at(9));
  const lines = linesOf({ history, now, columns: 120, rows: 9 });
  expect(lines.slice(0, 4)).toEqual(['title', '  Attic', 'price', '  49.99']);
  expect(lines[4]).toMatch(/^ {2}20 ┤─+┐$/);
  expect(lines[5]).toMatch(/^ {5}│ +│ +┌─+$/);
  expect(lines[6]).toMatch(/^ {2}10 ┤ +└─+┘$/);
  expect(lines[7]).toMatch(/^ {6}1 Nov +now$/);
  expect(lines[8]).toBe('  first 20 (1 Nov) · lowest 10 (3 Nov) · highest 20 (1 Nov) · now 15 · 3 values');
  const tall = linesOf({ history, now, columns: 120, rows: 40 });
  // The curve has the room that nothing else needs, and the whole width.
  expect(tall.filter((line) => /[│┤]/.test(line))).toHaveLength(24);
  const wide = linesOf({ history, now, columns: 200, rows: 12 });
  expect(Math.max(...wide.map((line) => line.length))).toBe(200);
  for (const columns of [12, 20, 40])
    for (const line of linesOf({ history, now, columns, rows: 12 }))
      expect(line.length).toBeLessThanOrEqual(columns);
  // Its figures are wrapped, not cut.
  expect(linesOf({ history, now, columns: 50, rows: 12 }).slice(-2)).toEqual([
    '  first 20 (1 Nov) · lowest 10 (3 Nov)',
    '  highest 20 (1 Nov) · now 15 · 3 values',
  ]);
});
