import { expect, it, onTestFinished } from 'vitest';
import { suggestSelectors } from '../../../src/scrape/inspector/suggest-selectors.ts';
import { tempFolder } from '../../temp-folder.ts';
import { Site } from '../site.ts';

async function suggest(body: string, type = 'application/json; charset=utf-8') {
  const site = await Site.start();
  onTestFinished(() => site.stop());
  site.html('/api', body, { 'content-type': type });
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
