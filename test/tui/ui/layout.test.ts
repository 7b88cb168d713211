import fc from 'fast-check';
import { expect, it } from 'vitest';
import { computeLayout, type PaneRules, type Rect, USUAL_PANES } from '../../../src/tui/ui/layout.ts';

const FORM_PANES: PaneRules = { wideFrom: 120, minMain: 0, canZoom: false };

it.each([
  [200, 50, 'wide'],
  [150, 30, 'wide'],
  [149, 30, 'tall'],
  [120, 30, 'tall'],
  [80, 24, 'tall'],
  [80, 12, 'single'],
  [60, 12, 'single'],
  [40, 10, 'single'],
  [39, 10, 'too_small'],
  [40, 9, 'too_small'],
])('a screen of %d×%d is %s', (columns, rows, kind) => {
  expect(computeLayout({ columns, rows }, { hasSide: true, pane: 'main' }).kind).toBe(kind);
});

it('gives the rows that a short list leaves to the pane below it, but keeps a few for more of them', () => {
  const upperOf = (mainRows: number) =>
    computeLayout(
      { columns: 120, rows: 35 },
      { hasSide: true, pane: 'main', panes: { ...USUAL_PANES, mainRows } },
    );
  expect(upperOf(11).main.rows).toBe(11);
  expect(upperOf(11).side?.rows).toBe(20);
  expect(upperOf(2).main.rows).toBe(6);
  expect(upperOf(500).main.rows).toBe(18);
});

it('shows the second pane in place of the first where there is room for one', () => {
  const size = { columns: 60, rows: 12 };
  expect(computeLayout(size, { hasSide: true, pane: 'main' })).toMatchObject({
    mainShown: true,
    side: undefined,
  });
  const { mainShown, side, body } = computeLayout(size, { hasSide: true, pane: 'side' });
  expect({ mainShown, side }).toEqual({ mainShown: false, side: body });
});

it('gives the pane with the keys the room of both on a zoomed screen, but not in a form', () => {
  const size = { columns: 200, rows: 50, zoomed: true };
  const { body, ...list } = computeLayout(size, { hasSide: true, pane: 'main' });
  expect([list.main, list.side]).toEqual([body, undefined]);
  const detail = computeLayout(size, { hasSide: true, pane: 'side' });
  expect([detail.mainShown, detail.side]).toEqual([false, body]);
  expect(computeLayout(size, { hasSide: true, pane: 'main', panes: FORM_PANES }).kind).toBe('wide');
  expect(computeLayout({ ...size, columns: 39 }, { hasSide: true, pane: 'main' }).kind).toBe('too_small');
});

it('gives each part cells of its own, all on the screen', () => {
  const size = fc.record({
    columns: fc.integer({ min: 40, max: 400 }),
    rows: fc.integer({ min: 10, max: 120 }),
  });
  fc.assert(
    fc.property(size, fc.boolean(), fc.constantFrom('main', 'side'), (screen, hasSide, pane) => {
      const { header, notices, footer, main, mainShown, side } = computeLayout(screen, { hasSide, pane });
      const parts = [header, notices, footer, ...(mainShown ? [main] : []), ...(side ? [side] : [])];
      for (const part of parts) {
        expect(part.columns).toBeGreaterThan(0);
        expect(part.rows).toBeGreaterThan(0);
        expect(part.column + part.columns).toBeLessThanOrEqual(screen.columns);
        expect(part.row + part.rows).toBeLessThanOrEqual(screen.rows);
      }
      for (const [at, one] of parts.entries())
        for (const other of parts.slice(at + 1))
          expect(overlap(one, other), JSON.stringify([one, other])).toBe(false);
    }),
  );
});

it('keeps the fields of a form beside their explanations on a screen of 120 columns', () => {
  const { kind, main } = computeLayout(
    { columns: 120, rows: 30 },
    { hasSide: true, pane: 'main', panes: FORM_PANES },
  );
  expect([kind, main.columns]).toEqual(['wide', 69]);
});

function overlap(one: Rect, other: Rect): boolean {
  return (
    one.column < other.column + other.columns &&
    other.column < one.column + one.columns &&
    one.row < other.row + other.rows &&
    other.row < one.row + one.rows
  );
}
