import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { ColumnDescription } from '../../../../src/core/items/describe-columns.ts';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import { columnsTable } from '../../../../src/tui/features/items/columns-table.ts';
import type { ItemsEvent } from '../../../../src/tui/features/items/model.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { itemPage } from '../../item-page.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const COUNTED = { filled: 1_000, distinct: 1_000, isCut: false };
const COLUMNS: readonly ColumnDescription[] = [
  { field: 'title', type: 'text', ...COUNTED },
  {
    ...{ field: 'price', type: 'number', ...COUNTED, filled: 940, distinct: 917 },
    ...{ unit: ['£', ''], min: 10.02, median: 34.5, mean: 34.456, stdev: 14.201, max: 59.99, sum: 32_388.64 },
    top: { text: '£31.27', rows: 3 },
  },
  { field: 'availability', type: 'text', ...COUNTED, distinct: 2, top: { text: 'In stock', rows: 950 } },
  { field: 'link', type: 'link', ...COUNTED },
];
const DESCRIBED = { rows: 1_000, columns: COLUMNS };

/** The dialog of all columns on a screen of this size. */
function shown(columns: number, rows: number): State {
  const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'j', runId: 'r' }];
  const before = someState({ views, columns, rows });
  const opened = { ...before, items: { ...before.items, jobId: 'j', runId: 'r' } };
  const events =
    (...all: ItemsEvent[]) =>
    (state: State) =>
      all.reduce((next, event) => reduce(next, { kind: 'items', runId: 'r', event }).state, state);
  const read = events({ kind: 'page', page: itemPage([{ title: 'Attic', price: '£20.00' }]) })(opened);
  return events({ kind: 'described', described: DESCRIBED })(press(read, 'I').state);
}

describe('all columns at once', () => {
  it('have the figures of visidata and more where there is room, numbers at the right with their sign', () => {
    const { titles, rows, left } = columnsTable(DESCRIBED, 170);
    expect(left).toEqual([]);
    expect(titles.trim()).toBe(
      'column        type    filled  empty  distinct  lowest  median    mean  highest   stdev         sum  most frequent',
    );
    expect(rows[1]?.trim()).toBe(
      'price         number    94 %     60       917  £10.02  £34.50  £34.46   £59.99  £14.20  £32,388.64  3 × £31.27',
    );
    expect(rows[2]?.trim()).toMatch(/^availability +text +100 % +0 +2 +950 × In stock$/);
  });

  it('leave the least important figures out on a narrow screen, and say which', () => {
    const lines = frameOf(shown(80, 24));
    expectFit(lines, 80, 24);
    const text = lines.join('\n');
    expect(text).toMatch(/of 1,000 items · a wider screen adds stdev, sum, most frequent/);
    expect(text).toMatch(/price +number +94 % +60 +917 +£10\.02 +£34\.50 +£34\.46 +£59\.99/);
    expect(text).not.toMatch(/Columns[\s\S]*…[\s\S]*└/);
  });

  it.each([
    [120, 35],
    [200, 50],
  ])('are not cut on %d by %d', (columns, rows) => {
    const lines = frameOf(shown(columns, rows));
    expectFit(lines, columns, rows);
    const dialog = lines.filter((line) => line.includes('│')).join('\n');
    expect(dialog).toContain('£32,388.64');
    expect(dialog).not.toContain('…');
  });

  it('have no figure that no column has', () => {
    const texts = { rows: 1_000, columns: COLUMNS.filter(({ type }) => type === 'text') };
    const { titles, left } = columnsTable(texts, 75);
    expect(titles.trim().split(/ {2,}/)).toEqual([
      'column',
      'type',
      'filled',
      'empty',
      'distinct',
      'most frequent',
    ]);
    expect(left).toEqual([]);
  });

  it('cut long names before the figures that matter most', () => {
    const [first] = COLUMNS;
    if (first === undefined) throw new TypeError('no column');
    const long = {
      ...DESCRIBED,
      columns: [...COLUMNS, { ...first, field: 'a name of a field that is long' }],
    };
    const { titles, rows } = columnsTable(long, 70);
    expect(titles).toMatch(/column +type +filled +distinct +lowest .*highest$/);
    expect(rows.at(-1)).toMatch(/^a name .*… +text +100 %/);
    expect(new Set([titles, ...rows].map((line) => line.length))).toEqual(new Set([titles.length]));
  });
});
