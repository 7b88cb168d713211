import { expect, it } from 'vitest';
import { findSuspect } from '../../../src/core/quality/suspect.ts';
import type { SelectorFindings } from '../../../src/core/runs/selector-findings.ts';

const SELECTORS = { item: 'li', nextPage: 'a.next' };
const TEN = { value: 10, runs: 10 };

/** Selectors that matched so many of what is usual. */
function findings(
  selectors: Record<string, [matched: number, usual: number | null, filled?: number]>,
  { pages = 10, items = 40 } = {},
): SelectorFindings {
  const all = Object.entries(selectors).map(([field, [matched, usual, filled = matched]]) => {
    return [field, { selector: `.${field}`, matched, pages, filled, usual, stopped: matched === 0 }] as const;
  });
  return {
    pages,
    items,
    selectors: Object.fromEntries(all),
    parts: {},
    shape: null,
    warnings: [],
    misses: {},
  };
}

const words = (field: string | null, found: SelectorFindings, pages: typeof TEN | null = TEN) =>
  findSuspect({ field }, found, pages, SELECTORS)?.message;

it('an empty field is attributed to its own selector', () => {
  const found = findings({ price: [0, 40], title: [40, 40, 0], rank: [20, 40], link: [0, null] });
  expect(words('price', found)).toBe('the selector of price (.price) matched nothing (usually 40)');
  expect(words('title', found)).toBe(
    'the selector of title (.title) matched 40 elements (usually 40), but they hold no value',
  );
  expect(words('rank', found)).toBe('the selector of rank (.rank) matched 20 (usually 40)');
  expect(words('link', found)).toBe('the selector of link (.link) matched nothing');
  expect(words('no-such-field', found)).toBeUndefined();
});

it('too few items: the selector that has lost most', () => {
  expect(
    findSuspect({ field: null }, findings({ price: [4, 40], title: [40, 40] }), TEN, SELECTORS)?.suspect,
  ).toEqual({
    part: 'field',
    field: 'price',
    selector: '.price',
    matched: 4,
    usual: 40,
  });
});

it('a field within entries of which there are more than items matches less when an entry lacks it', () => {
  const found = findings({ reviews: [80, 80], 'reviews.stars': [79, 80, 39] });
  expect(words('reviews.stars', found)).toBe(
    'the selector of reviews.stars (.reviews.stars) matched 79 (usually 80)',
  );
  const hollow = findings({ reviews: [80, 80], 'reviews.stars': [80, 80, 39] });
  expect(words('reviews.stars', hollow)).toContain('but they hold no value');
});

it('too few items, and all fields have lost alike: the selector of the items', () => {
  const found = findings({ price: [20, 40], title: [21, 40] });
  expect(words(null, found)).toBe(
    'all fields match less than usual (price 20 of 40), so it is likely the selector of the items, li',
  );
  const ungrouped = findSuspect({ field: null }, found, TEN, { item: null, nextPage: null });
  expect(ungrouped?.suspect).toMatchObject({ part: 'item', selector: null });
});

it('too few items on pages that are as usual: the way to the next page', () => {
  const found = findings({ price: [40, 40] }, { pages: 1 });
  expect(words(null, found)).toBe(
    'each page holds what it usually does, but there was only 1 page (usually 10), so it is likely the selector of the next page, a.next',
  );
});

it('nothing, when all matches as usual on as many pages, or nothing is usual', () => {
  expect(words(null, findings({ price: [38, 40] }))).toBeUndefined();
  expect(words(null, findings({ price: [3, null] }), null)).toBeUndefined();
  expect(words(null, findings({ price: [3, 0] }), null)).toBeUndefined();
});

it('fields of a page to which no link led: the link, of whichever level', () => {
  const links = { title: [40, 40], 'follow.selector': [40, 40], isbn: [40, 40] } as const;
  const found = findings({ ...links, 'follow.follow.selector': [0, 40], city: [0, 40] } as never);
  expect(findSuspect({ field: 'city' }, found, TEN, SELECTORS)).toEqual({
    suspect: {
      part: 'follow',
      field: 'follow.follow.selector',
      selector: '.follow.follow.selector',
      matched: 0,
      usual: 40,
    },
    message: 'the selector of follow.follow.selector (.follow.follow.selector) matched nothing (usually 40)',
  });
  expect(words('isbn', found)).toContain('the selector of isbn');
});
