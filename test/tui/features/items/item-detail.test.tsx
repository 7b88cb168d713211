import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { ItemDetail } from '../../../../src/tui/features/items/item-detail.tsx';
import type { Item } from '../../../../src/tui/features/items/model.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { itemPage } from '../../item-page.ts';
import { press, someState } from '../../some-state.ts';

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
  expect(lines.at(-1)).toBe('▼ 4 more: PgDn scrolls, o opens $PAGER');
  expect(linesOf({ item, top: 2 }).at(-1)).toMatch(/^▲ 2 above ▼ 2 more: PgDn scrolls/);
  const end = linesOf({ item, top: 4 });
  expect(end.at(-1)).toBe('▲ 4 above: PgUp scrolls, o opens $PAGER');
  expect(end.slice(0, -1)).toHaveLength(7);
});

/** The whole item of a run, on a screen. */
function wholeItem(item: Item, size: Partial<State> = {}): State {
  const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'news', runId: 'r' }];
  const open = someState({ views, columns: 80, rows: 24, ...size });
  const page = itemPage([item, { title: 'another' }]);
  const read = { kind: 'items', runId: 'r', event: { kind: 'page', page } } as const;
  const items = reduce({ ...open, items: { ...open.items, jobId: 'news', runId: 'r' } }, read).state;
  return press(items, 'enter').state;
}

it('scrolls an item that is longer than the screen, and begins the next one at its beginning', () => {
  const state = wholeItem({ title: 'Attic', text: 'word '.repeat(600), last: 'the end' });
  const textOf = (of: State) => frameOf(of).join('\n');
  expectFit(frameOf(state), 80, 24);
  expect(textOf(state)).toContain('▼ 24 more: PgDn scrolls, o opens $PAGER');
  expect(textOf(state)).not.toContain('the end');
  const down = press(state, 'pagedown').state;
  expect(textOf(down)).toMatch(/▲ 20 above ▼ 4 more/);
  const end = press(down, 'ctrl+d', 'ctrl+d').state;
  expect(textOf(end)).toContain('the end');
  expect(textOf(end)).toContain('▲ 24 above: PgUp scrolls');
  expect(end.items.slice.row).toBe(0);
  expect(press(end, 'pageup', 'pageup').state.items.slice.scrolled).toBe(0);
  const wheel = { kind: 'mouse', what: 'wheel_down', button: 'none', column: 5, row: 5 } as const;
  const turned = reduce(state, { ...wheel, shift: false, alt: false, ctrl: false }).state;
  expect(turned.items.slice.scrolled).toBe(3);
  const next = press(end, 'j').state;
  expect(next.items.slice).toMatchObject({ row: 1, scrolled: 0 });
  // All of it has room: the keys go to other items.
  expect(press(next, 'pageup').state.items.slice.row).toBe(0);
  expect(textOf({ ...down, linear: true })).toMatch(/\n20 above, 4 more: PgDn scrolls, o opens/);
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
