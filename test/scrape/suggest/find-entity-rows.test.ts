import { expect, it } from 'vitest';
import { findEntityRows } from '../../../src/scrape/suggest/find-entity-rows.ts';
import { pageOf } from '../extract/fixtures.ts';

const product = (n: number) => ({
  '@type': 'Product',
  name: `Lamp ${n}`,
  image: ['/a.png', '/b.png'],
  offers: [{ '@type': 'Offer', price: '5.50', priceCurrency: 'EUR' }],
  brand: { '@type': 'Brand', name: 'Lux' },
});

it('things that a page describes by JSON-LD are rows, with the names of schema.org', () => {
  const list = {
    '@type': 'ItemList',
    itemListElement: [1, 2, 3].map((n) => ({ '@type': 'ListItem', item: product(n) })),
  };
  const [first] = findEntityRows(
    pageOf(`<script type="application/ld+json">${JSON.stringify(list)}</script>`),
  );
  expect(first).toEqual({
    item: 'jsonld:Product $',
    rows: 3,
    isSubject: false,
    fields: [
      { name: 'name', path: '$.name', sample: 'Lamp 1' },
      { name: 'image', path: '$.image', sample: '["/a.png","/b.png"]' },
      { name: 'price', path: '$.offers[0].price', sample: '5.50' },
      { name: 'priceCurrency', path: '$.offers[0].priceCurrency', sample: 'EUR' },
      { name: 'brand', path: '$.brand.name', sample: 'Lux' },
    ],
  });
});

it('microdata are in the same shape, and few fields are nothing', () => {
  const item = `<div itemscope itemtype="https://schema.org/Recipe"><b itemprop="name">Soup</b>
    <i itemprop="recipeYield">4</i><time itemprop="totalTime" datetime="PT1H">1 h</time></div>`;
  expect(findEntityRows(pageOf(item))).toMatchObject([{ item: 'microdata:Recipe $', rows: 1 }]);
  const poor = '<script type="application/ld+json">{"@type":"Product","name":"A"}</script>';
  expect(findEntityRows(pageOf(poor))).toEqual([]);
});

it('the thing that a page is about has the name of its heading', () => {
  const lamp = `<script type="application/ld+json">${JSON.stringify(product(1))}</script>`;
  expect(findEntityRows(pageOf(`<h1>Lamp 1</h1>${lamp}`))).toMatchObject([{ rows: 1, isSubject: true }]);
  expect(findEntityRows(pageOf(`<h1>All lamps</h1>${lamp}`))).toMatchObject([{ rows: 1, isSubject: false }]);
});

it('any kind of event, posting and the like is a type, and values lie up to three names deep', () => {
  const event = (n: number) => ({
    '@type': 'https://schema.org/MusicEvent',
    name: `Concert ${n}`,
    startDate: '2026-03-01',
    location: {
      '@type': 'Place',
      name: 'Hall',
      address: { '@type': 'PostalAddress', addressLocality: 'Graz' },
    },
  });
  const [first] = findEntityRows(
    pageOf(`<script type="application/ld+json">${JSON.stringify([event(1), event(2)])}</script>`),
  );
  expect(first).toMatchObject({ item: 'jsonld:MusicEvent $', rows: 2 });
  expect(first?.fields.map(({ name }) => name)).toEqual(['name', 'startDate', 'location', 'addressLocality']);
});
