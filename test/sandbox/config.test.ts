import { expect, test } from 'vitest';
import { bookshopConfig } from '../../src/sandbox/config.ts';
import { checkConfig, parseConfig } from '../../src/scrape/config/parse-config.ts';
import { extractRows } from '../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../src/scrape/extract/load-page.ts';
import { followNext, NINE, openShop } from './open-shop.ts';
import { bookshopRows } from './rows.ts';

test('the books configuration is valid without a warning', () => {
  expect(checkConfig(bookshopConfig('http://127.0.0.1:8080/'), 'books.yaml')).toEqual([]);
});

test('its selectors take every row of the shop, each field matched once in each', async () => {
  const { url } = await openShop();
  const { config } = parseConfig(bookshopConfig(url), 'books.yaml');
  expect(config.urls).toEqual([url]);
  expect(config.pagination).toMatchObject({ type: 'next_button', selector: 'ul.pager li.next a' });
  const pages = await followNext(url);
  const found = pages.map(({ url, page }) =>
    extractRows(loadPage(Buffer.from(page.html()), undefined, url), config),
  );
  const rows = bookshopRows(NINE).map((row) => ({ ...row, link: new URL(row.link, url).href }));
  expect(found.flatMap((each) => each.rows)).toEqual(rows);
  const each = { title: 20, price: 20, rating: 20, availability: 20, link: 20 };
  for (const { matches, warnings } of found) {
    expect(matches).toEqual(each);
    expect(warnings).toEqual([]);
  }
});
