import { expect, it } from 'vitest';
import { codeBlocks } from '../../docs-pages.ts';
import { withRun } from './with-run.ts';

const { site, run, staged } = withRun();
const [list = '', cursor = '', embedded = '', entities = ''] = codeBlocks('docs/how-to/json.md', 'yaml');

const json = (path: string, data: unknown) =>
  site().html(path, JSON.stringify(data), { 'content-type': 'application/json' });
/** Runs an example of docs/how-to/json.md on the site of the test. */
const runExample = (example: string) => run(example.replaceAll('https://shop.example', '{site}'));

it('a list of an API is read with its next pages', async () => {
  json('/api/products?limit=50', {
    results: [{ id: 1, title: 'Lamp', price: { value: 5 }, tags: ['new'], path: '/p/1' }],
    next: '/api/products?limit=50&offset=50',
  });
  json('/api/products?limit=50&offset=50', { results: [{ id: 2, title: 'Chair', price: null }], next: null });
  await runExample(list);
  expect(staged()).toEqual([
    { id: 1, title: 'Lamp', price: { amount: 5, currency: null }, tags: ['new'], link: site().url('/p/1') },
    { id: 2, title: 'Chair', price: null, tags: [], link: null },
  ]);
});

it('a list whose pages are named by a token is filtered', async () => {
  json('/api/products?limit=50', {
    data: [
      { id: 1, title: 'Lamp', stock: 0 },
      { id: 2, title: 'Chair', stock: 3 },
    ],
    meta: { next_cursor: 'n2' },
  });
  json('/api/products?limit=50&after=n2', { data: [{ id: 3, title: 'Desk', stock: 1 }], meta: {} });
  await runExample(cursor);
  expect(staged()).toEqual([
    { id: 2, title: 'Chair' },
    { id: 3, title: 'Desk' },
  ]);
});

it('the data in a page of a framework are read', async () => {
  const data = { props: { pageProps: { products: [{ name: 'Lamp', price: 5 }] } } };
  site().html('/lamps', `<h1>Lamps</h1><script id="__NEXT_DATA__">${JSON.stringify(data)}</script>`);
  await runExample(embedded);
  expect(staged()).toEqual([{ title: 'Lamp', price: 5 }]);
});

it('the data for search engines are read from the page of each row', async () => {
  const product = {
    '@type': 'Product',
    offers: [{ '@type': 'Offer', price: '19.90', priceCurrency: 'EUR' }],
    aggregateRating: { ratingValue: 4.5 },
  };
  site().html('/lamps', '<h3><a href="/l/1">Lamp</a></h3><h3><a href="/l/2">Other</a></h3>');
  const ld = (offers: unknown) =>
    `<script type="application/ld+json">${JSON.stringify({ ...product, offers })}</script>`;
  site().html('/l/1', `<meta property="og:image" content="/a.png">${ld(product.offers[0])}`);
  site().html('/l/2', '<p>sold out</p>');
  await runExample(entities);
  expect(staged()).toEqual([
    { name: 'Lamp', price: 19.9, currency: 'EUR', rating: 4.5, picture: '/a.png' },
    { name: 'Other', price: null, currency: null, rating: null, picture: null },
  ]);
});
