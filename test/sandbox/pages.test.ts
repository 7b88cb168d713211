import { load } from 'cheerio';
import { expect, test } from 'vitest';
import { makeBooks } from '../../src/sandbox/books.ts';
import { followNext, loadPage, NINE, openShop } from './open-shop.ts';
import { bookshopRows } from './rows.ts';

/** QS_BOOKS=1000 each night: the pages of all books. */
const EVERY = process.env['QS_BOOKS'] === undefined ? 20 : 1;

test('the next links lead through 50 pages of 20 books, each book once, and end', async () => {
  const { url } = await openShop();
  const pages = await followNext(url);
  expect(pages.map(({ page }) => page('article.product_pod').length)).toEqual(Array(50).fill(20));
  expect(pages.map(({ page }) => page('li.current').text().trim())).toEqual(
    Array.from({ length: 50 }, (_, index) => `Page ${index + 1} of 50`),
  );
  expect(pages[1]?.url).toBe(`${url}catalogue/page-2.html`);
  expect(pages[0]?.page('li.next a').attr('href')).toBe('catalogue/page-2.html');
  expect(pages[1]?.page('li.next a').attr('href')).toBe('page-3.html');
  const addresses = pages.flatMap(({ url, page }) =>
    page('h3 a')
      .toArray()
      .map((link) => new URL(page(link).attr('href') ?? '', url).pathname),
  );
  expect(addresses).toEqual(makeBooks().map((book) => book.path));
});

test('the list pages hold the rows that are expected of them, character for character', async () => {
  const { url } = await openShop();
  const rows = (await followNext(url)).flatMap(({ url, page }) =>
    page('article.product_pod')
      .toArray()
      .map((pod) => ({
        title: page(pod).find('h3 a').attr('title'),
        price: page(pod).find('.product_price .price_color').text(),
        rating: page(pod).find('p.star-rating').attr('class'),
        availability: page(pod).find('.availability').text().trim(),
        link: new URL(page(pod).find('h3 a').attr('href') ?? '', url).pathname,
      })),
  );
  expect(rows).toEqual(bookshopRows(NINE));
});

test('a product page agrees with its list page and has the rest', async () => {
  const { url } = await openShop();
  const rows = bookshopRows(NINE);
  for (const book of makeBooks().filter(({ id }) => id % EVERY === 0)) {
    const page = await loadPage(new URL(book.path, url));
    const row = rows[book.id - 1];
    const facts = new Map(
      page('table.table-striped tr')
        .toArray()
        .map((line) => [page(line).find('th').text(), page(line).find('td').text()]),
    );
    const stock = page('.product_main .availability').text().trim();
    expect(page('.product_main h1').text()).toBe(row?.title);
    expect(page('.product_main .price_color').text()).toBe(row?.price);
    expect(page('.product_main p.star-rating').attr('class')).toBe(row?.rating);
    expect(stock).toMatch(
      row?.availability === 'In stock' ? /^In stock \(\d+ available\)$/ : /^Out of stock$/,
    );
    expect(page('.product_main .instock.availability').length).toBe(row?.availability === 'In stock' ? 1 : 0);
    expect(page('#product_description + p').text()).toBe(book.description);
    expect(facts.get('UPC')).toBe(book.upc);
    expect(facts.get('Price (incl. tax)')).toBe(row?.price);
    expect(facts.get('Availability')).toBe(stock);
    expect(page('.breadcrumb li:nth-child(3)').text()).toBe(book.category);
  }
});

test('titles are escaped in content and in attributes, and the source table has no tbody', async () => {
  const { url } = await openShop();
  const sources = await Promise.all(
    makeBooks()
      .filter((book) => /[<>&"]/.test(book.title))
      .map(async (book) => ({ book, source: await (await fetch(new URL(book.path, url))).text() })),
  );
  expect(sources.length).toBeGreaterThan(10);
  for (const { book, source } of sources) {
    expect(source).not.toContain('tbody');
    expect(source).not.toContain(`<h1>${book.title}</h1>`);
    expect(load(source)('#product_gallery img').attr('alt')).toBe(book.title);
  }
  const markup = sources.find(({ book }) => book.title.includes('<Less>'))?.source;
  expect(markup).toContain('<h1>Is 3 &lt; 4? A Gentle History of &lt;Less&gt; and &gt;More&lt;</h1>');
});

test('a long title is cut in the link and whole in the attribute', async () => {
  const { url } = await openShop();
  const pages = await followNext(url);
  const links = pages.flatMap(({ page }) =>
    page('h3 a')
      .toArray()
      .map((link) => page(link)),
  );
  const cut = links.filter((link) => link.text() !== link.attr('title'));
  expect(cut.length).toBeGreaterThan(1);
  for (const link of cut) {
    expect(link.text()).toMatch(/ \.\.\.$/);
    expect(link.attr('title')).toContain(link.text().slice(0, -4));
  }
});

test('every link and picture of a list page and of a product page is there', async () => {
  const { url } = await openShop();
  for (const start of [url, `${url}catalogue/page-2.html`, new URL(makeBooks()[41]?.path ?? '', url).href]) {
    const page = await loadPage(start);
    const addresses = page('a, img')
      .toArray()
      .map((element) => new URL(page(element).attr('href') ?? page(element).attr('src') ?? '', start));
    const answers = await Promise.all(addresses.map(async (address) => (await fetch(address)).status));
    expect(new Set(answers)).toEqual(new Set([200]));
  }
});
