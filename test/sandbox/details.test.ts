import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../src/scrape/config/parse-config.ts';
import { scrape } from '../../src/scrape/crawl/pipeline.ts';
import { NINE, openShop } from './open-shop.ts';
import { bookshopDetails, bookshopRows } from './rows.ts';

/** QS_BOOKS=1000 each night: all that the shop has. */
const BOOKS = Number(process.env['QS_BOOKS'] ?? 60);

/** Every book with what only its own page tells, by CSS and XPath, each value with its type. */
const configuration = (url: string) => `
url: "${url}"
item: "xpath://article[@class='product_pod']"
selectors:
  title: "xpath:.//h3/a/@title"
  price: { selector: .product_price .price_color, type: price }
  rating: { selector: p.star-rating, attribute: class, regex: "star-rating (\\\\w+)" }
  in_stock: { selector: .availability, type: boolean }
  link: "xpath:.//h3/a/@href"
follow:
  selector: h3 a
  selectors:
    upc: "xpath://th[text()='UPC']/following-sibling::td"
    author: { selector: .product_main .author, regex: "by (.*)" }
    category: ul.breadcrumb li:nth-child(3)
    description: "#product_description + p"
    stock: { selector: .product_main .availability, regex: "\\\\((\\\\d+) available", type: integer }
    facts:
      selector: table.table-striped tr
      multiple: true
      children: { name: th, value: "xpath:td" }
pagination: { type: next_button, selector: "xpath://li[@class='next']/a/@href", max_pages: ${BOOKS / 20} }
delays: { type: fixed, value: 0 }
dedupe: upc
`;

test(`${BOOKS} books of the shop have exactly the details of their own pages`, async () => {
  const { url } = await openShop();
  const folder = await mkdtemp(join(tmpdir(), 'qs-details-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const result = await scrape({
    config: parseConfig(configuration(url), 'books.yaml').config,
    output: null,
    stagingFile: join(folder, 'items.jsonl'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    log: () => undefined,
  });
  const details = bookshopDetails(NINE).slice(0, BOOKS);
  const soldOut = details.filter(({ stock }) => stock === 0).length;
  expect(result).toMatchObject({ items: BOOKS, pages: BOOKS + BOOKS / 20 });
  expect(result.matches).toMatchObject({
    title: BOOKS,
    'follow.selector': BOOKS,
    upc: BOOKS,
    facts: 9 * BOOKS,
    'facts.value': 9 * BOOKS,
  });
  expect(result.warnings).toEqual([
    `stock: ${soldOut} values are null, such as "Out of stock", which is not matched by its regex`,
  ]);
  const rows = (await readFile(join(folder, 'items.jsonl'), 'utf8')).trimEnd().split('\n');
  const expected = bookshopRows(NINE)
    .slice(0, BOOKS)
    .map((row, index) => {
      const { stock, ...rest } = details[index] ?? { stock: 0 };
      return {
        title: row.title,
        price: { amount: Number(row.price.slice(1)), currency: 'GBP' },
        rating: row.rating.replace('star-rating ', ''),
        in_stock: row.availability === 'In stock',
        link: new URL(row.link, url).href,
        ...rest,
        stock: stock || null,
        facts: expect.arrayContaining([{ name: 'Product Type', value: 'Books' }]),
      };
    });
  expect(rows.map((row) => JSON.parse(row))).toEqual(expected);
});
