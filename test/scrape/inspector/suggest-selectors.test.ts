import { expect, it, onTestFinished } from 'vitest';
import { suggestSelectors } from '../../../src/scrape/inspector/suggest-selectors.ts';
import { tempFolder } from '../../temp-folder.ts';
import { Site } from '../site.ts';

async function suggest(body: string, type = 'application/json; charset=utf-8', headers = {}) {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.html('/api', body, { 'content-type': type, ...headers });
  return suggestSelectors({
    ask: 'propose' as const,
    page: { from: 'url' as const, url: site.url('/api') },
    name: 'x',
    home: tempFolder(),
    time_limit_ms: 20_000,
  });
}

it('of JSON, its lists of objects are suggested by their paths', async () => {
  expect(await suggest('{"items":[{"a":1},{"a":2}],"next":"/api?page=2"}')).toMatchObject({
    item: 'json:$.items[*]',
    rows: 2,
    fields: [{ name: 'a', selector: 'json:$.a', attribute: null, sample: '1' }],
    next: 'json:$.next',
  });
});

it.each(['{"total":2}', '{"items":[1,'])('JSON without such a list is refused: %s', async (body) => {
  await expect(suggest(body)).rejects.toMatchObject({
    code: 'invalid_params',
    field: 'url',
    message: expect.stringContaining('answers with JSON, and no list of objects is in it'),
  });
});

it('what a page says of all its rows for search engines comes first, of one thing last', async () => {
  const thing = (n: number) => ({ '@type': 'Product', name: `Lamp ${n}`, sku: n, offers: { price: n } });
  const rows = [1, 2, 3, 4].map((n) => `<li class="p"><h3>Lamp ${n}</h3><b>${n} €</b></li>`).join('');
  const page = (data: unknown) =>
    `<ul>${rows}</ul><script type="application/ld+json">${JSON.stringify(data)}</script>`;
  const all = await suggest(page([1, 2, 3, 4].map(thing)), 'text/html');
  expect(all).toMatchObject({
    item: 'jsonld:Product $',
    rows: 4,
    fields: [{ name: 'name', selector: 'json:$.name' }, {}, {}],
  });
  expect(all.choices?.map(({ item }) => item)).toEqual(['jsonld:Product $', 'li.p']);
  const one = await suggest(page(thing(1)), 'text/html');
  expect(one.choices?.map(({ item }) => item)).toEqual(['li.p', 'jsonld:Product $']);
});

it('the thing that a page is about comes first, whatever else is listed', async () => {
  const lamp = { '@type': 'Product', name: 'Lamp 9', sku: 'L9', offers: { price: 9 } };
  const others = [1, 2, 3, 4].map((n) => `<li class="p"><h3>Lamp ${n}</h3><b>${n} €</b></li>`).join('');
  const page = `<h1>Lamp 9</h1><ul>${others}</ul><script type="application/ld+json">${JSON.stringify(lamp)}</script>`;
  const { choices } = await suggest(page, 'text/html');
  expect(choices?.map(({ item }) => item)).toEqual(['jsonld:Product $', 'li.p']);
});

const LAMPS = [1, 2, 3, 4].map((n) => ({ id: n, name: `Lamp ${n}`, price: n }));

it('data in a script come first where the page shows no rows', async () => {
  const script = `<script id="data" type="application/json">${JSON.stringify({ lamps: LAMPS, more: 'x'.repeat(200) })}</script>`;
  const only = await suggest(`<div id="app"></div>${script}`, 'text/html');
  expect(only).toMatchObject({ item: 'json:$.lamps[*]', embedded: 'script#data', rows: 4 });
  const other = [5, 6, 7, 8].map(
    (n) => `<li class="p"><h3>Chair ${n}</h3><b>${n} €</b><p>It has ${n} legs.</p></li>`,
  );
  const both = await suggest(
    `<ul>${other.join('')}</ul><p>${'Text. '.repeat(400)}</p>${script}`,
    'text/html',
  );
  expect(both.choices?.map(({ item }) => item)).toEqual(['li.p', 'json:$.lamps[*]']);
});

it('a table with headings is suggested as such', async () => {
  const rows = LAMPS.map(({ id, name }) => `<tr><td>${name}</td><td>${id * 7}</td></tr>`).join('');
  const table = `<table id="t"><thead><tr><th>Lamp</th><th>Watts</th></tr></thead><tbody>${rows}</tbody></table>`;
  expect(await suggest(table, 'text/html')).toMatchObject({
    ...{ item: '#t', is_table: true, rows: 4 },
    fields: [
      { name: 'lamp', column: 'Lamp', sample: 'Lamp 1' },
      { name: 'watts', column: 'Watts', type: 'number' },
    ],
  });
});

it('the entries of a feed are suggested, and its next page', async () => {
  const entries = LAMPS.map(
    ({ name, id }) => `<entry><title>${name}</title><link href="/${id}"/></entry>`,
  ).join('');
  const feed = `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="?p=2"/>${entries}</feed>`;
  expect(await suggest(feed, 'application/atom+xml')).toMatchObject({
    ...{ item: 'entry', rows: 4, next: 'link[rel=next]' },
    fields: [{ name: 'title' }, { name: 'link', attribute: 'href' }],
  });
});

it('where the answer names the next page in its header, that is suggested', async () => {
  const link = { link: '</api?page=2>; rel="next"' };
  const { next, pagination } = await suggest(JSON.stringify(LAMPS), undefined, link);
  expect({ next, pagination }).toEqual({ next: 'the header Link', pagination: { type: 'link_header' } });
});
