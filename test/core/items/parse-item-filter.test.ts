import { expect, it } from 'vitest';
import { matchItem } from '../../../src/core/items/match-item.ts';
import { parseItemFilter } from '../../../src/core/items/parse-item-filter.ts';

const FIELDS = ['title', 'price', 'stock', 'tags', 'Preis (€)', 'rating-2'];
const ITEMS = [
  { title: 'Red Lantern', price: '£51.77', stock: 3, tags: ['new', 'light'] },
  { title: 'Blue lantern', price: 5, stock: null, tags: [] },
  { title: 'ÄPFEL', price: { amount: 20, currency: 'EUR' }, stock: '', 'rating-2': 4 },
];

it.each([
  ['', [0, 1, 2]],
  ['lantern', [0, 1]],
  ['äpfel', [2]],
  ['title:lantern price>20', [0]],
  ['price<=20', [1, 2]],
  ['price>=20 !title:red', [2]],
  ['price=5', [1]],
  ['title="Blue lantern"', [1]],
  ['title:"red lantern"', [0]],
  ['title:"lantern"', []],
  ['title=">50"', []],
  ['title:red,äpfel', [0, 2]],
  ['tags:light', [0]],
  ['stock:none', [1, 2]],
  ['!stock:none', [0]],
  ['TITLE:red', [0]],
  ['ti:red', [0]],
  ['rating-2>3', [2]],
  ['!lantern', [2]],
  ['51.77', [0]],
  ['https://shop.example', []],
])('the filter %j selects the right items', (text, rows) => {
  const { terms, problems } = parseItemFilter(text, FIELDS);
  expect(problems).toEqual([]);
  const matches = matchItem(terms);
  expect(ITEMS.flatMap((item, index) => (matches(item) ? [index] : []))).toEqual(rows);
});

it('takes a name that no known item has as it is while others may have it', () => {
  const filter = parseItemFilter('newfield>3 pri>20 t:x', FIELDS, { mayHaveMore: true });
  expect(filter.terms).toMatchObject([{ field: 'newfield' }, { field: 'price' }]);
  expect([filter.assumed, filter.problems.map(({ text }) => text)]).toEqual([
    ['newfield'],
    ['which field? title, tags'],
  ]);
});

it.each([
  ['prize>3', 'there is no field prize. Did you mean price?'],
  ['price>', 'price> what? price>20, price:word or price:none'],
  ['price>1,2', 'price> takes one value: price>20, price:word or price:none'],
  ['t:x', 'which field? title, tags'],
  ['price>>50', '>> is no comparison: write price>50, or the value in quotes'],
  ['price=<50', '=< is no comparison: write price<=50, or the value in quotes'],
  ['price==', '== is no comparison: write price=20, or the value in quotes'],
  ['title:"red', 'the quote is not closed'],
  ['!', 'not what? A word or a field has to follow !'],
])('the filter %j says what is wrong, and the rest filters', (text, problem) => {
  const filter = parseItemFilter(`${text} lantern`.replace('"red lantern', '"red'), FIELDS);
  expect(filter.problems.map((one) => one.text)).toEqual([problem]);
});
