import { describe, expect, it } from 'vitest';
import { listBrokenSelectors } from '../../../src/core/quality/broken-selectors.ts';

const price = { part: 'field', field: 'price', selector: '.price' } as const;
const finding = (matched: number, usual: number | null, stopped = false) => ({
  ...price,
  matched,
  usual,
  stopped,
});
const onPage = (matched: number, rows = 20) => ({
  before: null,
  repair: {
    broken: [{ ...price, path: 'selectors.price', matched }],
    before: { rows, matches: {}, first: {} },
    after: null,
  },
});

describe('a selector that matches nothing on the page of a run', () => {
  it('is broken if it matched nothing in the run, with what is usual', () => {
    expect(listBrokenSelectors([finding(0, 60, true)], 60, onPage(0))).toMatchObject([
      { matched: 0, usual: 60 },
    ]);
    expect(listBrokenSelectors([finding(0, null)], 60, onPage(0))).toMatchObject([{ matched: 0, usual: 60 }]);
  });

  it('is optional if it matched on other pages of the run, or never does', () => {
    expect(listBrokenSelectors([finding(12, 30)], 60, onPage(0))).toEqual([]);
    expect(listBrokenSelectors([finding(0, 0)], 60, onPage(0))).toEqual([]);
  });

  it('is broken on the live page though it matched in the run: it counts what the page has', () => {
    expect(listBrokenSelectors([finding(60, 60)], 60, onPage(0), true)).toMatchObject([
      { matched: 0, usual: 20 },
    ]);
    expect(listBrokenSelectors([], 0, onPage(0, 0), true)).toMatchObject([{ matched: 0, usual: null }]);
  });
});

it('without a page, a selector that stopped in the run is broken, and without items only the item', () => {
  const item = { part: 'item', field: 'item', selector: 'li', matched: 0, usual: 60, stopped: true } as const;
  expect(listBrokenSelectors([finding(0, 60, true), finding(5, 5)], 60, undefined)).toMatchObject([
    { field: 'price', path: null },
  ]);
  expect(listBrokenSelectors([item, finding(0, 60, true)], 0, undefined).map(({ part }) => part)).toEqual([
    'item',
  ]);
});
