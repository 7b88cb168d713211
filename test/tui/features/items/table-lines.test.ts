import { cleanup } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { reduce } from '../../../../src/tui/app/reduce.ts';
import type { ItemsEvent } from '../../../../src/tui/features/items/model.ts';
import type { State } from '../../../../src/tui/kernel/model.ts';
import { expectFit, frameOf } from '../../frame-of.tsx';
import { itemPage } from '../../item-page.ts';
import { press, someState } from '../../some-state.ts';

afterEach(cleanup);

const TITLES = ['Attic', 'A Gentle History of the Less and the More, in Two Parts', 'Ninety-Nine Days'];
const BOOKS = TITLES.map((title, n) => ({
  title,
  price: `£${50 + n}.02`,
  rating: 'star-rating Three',
  availability: n === 1 ? 'Out of stock' : 'In stock',
  isbn: null,
  link: `http://127.0.0.1:8080/catalogue/${title.toLowerCase().replaceAll(' ', '-')}/index.html`,
}));
const POUNDS = ['£', ''] as const;
const NUMBERS = { numbers: 3, sum: 153.06, min: 50.02, max: 52.02, median: 51.02, unit: POUNDS };
const TEXTS = { numbers: 0, sum: 0, min: 0, max: 0, median: undefined, unit: ['', ''] } as const;

/** The items of a run and their figures, on a screen of this size. */
function shown(columns: number, rows: number, price: typeof NUMBERS = NUMBERS): State {
  const views: State['views'] = [{ name: 'jobs' }, { name: 'items', jobId: 'j', runId: 'r' }];
  const before = someState({ views, columns, rows });
  const opened = { ...before, items: { ...before.items, jobId: 'j', runId: 'r' } };
  const figures = Object.keys(BOOKS[0] ?? {}).map((field) => ({
    field,
    filled: field === 'isbn' ? 0 : 3,
    ...(field === 'price' ? price : TEXTS),
  }));
  const events: ItemsEvent[] = [
    { kind: 'page', page: itemPage(BOOKS) },
    { kind: 'figures', asks: 0, figures },
  ];
  return events.reduce((state, event) => reduce(state, { kind: 'items', runId: 'r', event }).state, opened);
}

it('narrows the longest texts so that short columns are whole, and says how many more there are', () => {
  const lines = frameOf(shown(80, 24));
  expectFit(lines, 80, 24);
  expect(lines[1]).toMatch(/^1 of 3 items +2 more columns →$/);
  expect(lines[4]).toMatch(/^ +A Gentle History of.*… +£51\.02 {2}star-rating Three {2}Out of stock/);
  const right = frameOf(press(shown(80, 24), 'l', 'l', 'l', 'l', 'l').state);
  expect(right[1]).toMatch(/^1 of 3 items +← \d more columns$/);
});

it('gives the room of a wide screen to what is cut', () => {
  const lines = frameOf(shown(200, 50));
  expectFit(lines, 200, 50);
  expect(lines[1]?.trim()).toBe('1 of 3 items');
  expect(lines[4]).toContain(TITLES[1]);
  expect(lines[4]).toContain('in-two-parts/index.html');
  // Where one address is cut, all of them are.
  const narrower = frameOf(shown(170, 35));
  expect(narrower.slice(3, 6).every((line) => / …\/\S+$/.test(line.trimEnd()))).toBe(true);
});

it('has the share of items with a value in each title, also in those of narrow columns', () => {
  const titles = frameOf(shown(120, 35))[2];
  expect(titles?.match(/\w+ \d+ ?%/g)).toEqual([
    'title 100%',
    'price 100%',
    'rating 100%',
    'availability 100%',
    'isbn 0%',
    'link 100%',
  ]);
});

it('wraps the figures of a column, with their sign and the median', () => {
  const narrow = frameOf(press(shown(80, 24), 'l').state);
  expectFit(narrow, 80, 24);
  expect(narrow.slice(-4, -2).map((line) => line.trimEnd())).toEqual([
    'price: 3 of 3 have a value · sum £153.06 · lowest £50.02 · mean £51.02',
    'median £51.02 · highest £52.02',
  ]);
  // A mean has as many decimals as the values beside it.
  const mean = { ...NUMBERS, sum: 152.1, median: 50.5 };
  expect(frameOf(press(shown(120, 24, mean), 'l').state).join('\n')).toContain('mean £50.70 · median £50.50');
  // A small screen has no line for that.
  expect(frameOf(press(shown(80, 12), 'l').state).at(-3)).toMatch(/^price: 3 of 3 .*…$/);
});

it('has the counts beside the values, and bars that tell close ones apart', () => {
  const asked = press(press(shown(80, 24), 'l', 'l').state, 'F').state;
  const values = [211, 207, 203].map((rows, n) => ({ text: `star ${n}`, rows }));
  const frequency = {
    field: 'rating',
    rows: 1_000,
    empty: 0,
    distinct: 3,
    isCut: false,
    values,
    median: undefined,
  };
  const event: ItemsEvent = { kind: 'values', field: 'rating', frequency };
  const { state } = reduce(asked, { kind: 'items', runId: 'r', event });
  const lines = frameOf(state).filter((line) => line.includes('star '));
  expect(lines[0]).toMatch(/star 0 {3,5}211 21\.1 % █{40,} │$/);
  const bars = lines.map((line) => /[█▏▎▍▌▋▊▉]+/.exec(line.split('%')[1] ?? '')?.[0]);
  expect(new Set(bars).size).toBe(3);
});
