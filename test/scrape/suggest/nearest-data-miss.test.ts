import { expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { parseDataSelector } from '../../../src/scrape/selectors/data-selector.ts';
import { findNearestDataMiss } from '../../../src/scrape/suggest/nearest-data-miss.ts';

const page = loadPage(
  Buffer.from(JSON.stringify({ results: [{ title: 'a', price: { value: 1 } }, { title: 'b' }] })),
  'application/json',
  'http://shop.test/api',
);

const missOf = (selector: string, above: string[]) => {
  const data = parseDataSelector(selector);
  return data && findNearestDataMiss(page, data, above);
};

it.each([
  ['json:$.result[*]', [], { prefix: 'json:$', matched: 1, missing: '.result', near: ['results'] }],
  [
    'json:$.titel',
    ['json:$.results[*]'],
    { prefix: 'json:$', matched: 2, missing: '.titel', near: ['title', 'price'] },
  ],
  [
    'json:$.price.amount',
    ['json:$.results[*]'],
    { prefix: 'json:$.price', matched: 1, missing: '.amount', near: ['value'] },
  ],
  ['json:$.sum', ['json:$.results[*]', 'json:$.price'], { matched: 1, near: ['value'] }],
  ['json:$.results.price', [], { prefix: 'json:$.results', matched: 1, near: ['[0].price', '[*].price'] }],
  ['json:$.results.rows', [], { prefix: 'json:$.results', missing: '.rows', near: ['[0]', '[*]'] }],
])('%s stops where a name is missing', (selector, above, miss) => {
  expect(missOf(selector, above)).toMatchObject(miss);
});

it('is unknown where the page has no such data', () => {
  expect(missOf('jsonld:$.name', [])).toBeUndefined();
});
