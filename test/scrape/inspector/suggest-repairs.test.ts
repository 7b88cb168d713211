import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompareRequest } from '../../../src/core/configs/scraper-protocol.ts';
import { changeConfig } from '../../../src/scrape/config/change-config.ts';
import { parseExtraction } from '../../../src/scrape/config/parse-config.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { suggestRepairs } from '../../../src/scrape/inspector/suggest-repairs.ts';
import { findMissing } from '../../../src/scrape/suggest/compare-pages.ts';
import { propertyRuns } from '../../property-runs.ts';

const HEAD = 'url: "http://shop.example/"\n';

/** What is proposed for a configuration on a page, when no earlier page was kept. */
function propose(
  yaml: string,
  body: string,
  { type = 'text/html', rows = [] as Record<string, unknown>[] } = {},
) {
  const page = loadPage(Buffer.from(body), type, 'http://shop.example/');
  const request = { yaml: HEAD + yaml, name: 'shop.yaml', earlier_rows: rows } as unknown as CompareRequest;
  const { config } = parseExtraction(request.yaml, request.name);
  const missing = findMissing(page, [], config) as never;
  return suggestRepairs(request, page, { changed: [], missing, changes: [] });
}

const list = (row: (n: number) => string) =>
  `<ul>${Array.from({ length: 6 }, (_, n) => row(n)).join('')}</ul>`;

const books = list(
  (n) =>
    `<li class="card"><h3>Book ${n}</h3><div class="cost"><b class="price_color">£1${n}.80</b><i class="price_was">none</i></div></li>`,
);

describe('without an earlier page', () => {
  it('a selector with a similar name that fills the field is proposed, with its first value', () => {
    const { broken, before, after } = propose(
      'item: li.card\nselectors: { title: h3, price: .cost .price-color }\n',
      books,
    );
    expect(broken).toMatchObject([
      {
        ...{
          part: 'field',
          field: 'price',
          path: 'selectors.price',
          selector: '.cost .price-color',
          matched: 0,
        },
        proposal: { value: '.cost .price_color', filled: 6, rows: 6, first: '£10.80', basis: 'similar_name' },
      },
    ]);
    expect(before).toMatchObject({ rows: 6, matches: { title: 6 }, first: { title: 'Book 0', price: null } });
    expect(after).toMatchObject({ rows: 6, matches: { price: 6 }, first: { price: '£10.80' } });
  });

  it('of several similar names the one whose values look as they did is proposed', () => {
    const yaml = 'item: li.card\nselectors: { title: h3, price: .price }\n';
    expect(propose(yaml, books, { rows: [{ price: 'sold' }] }).broken[0]?.proposal?.value).toBe('.price_was');
    expect(propose(yaml, books, { rows: [{ price: '£7.20' }] }).broken[0]?.proposal?.value).toBe(
      '.price_color',
    );
  });

  it('a selector that holds values of earlier rows is proposed, whatever its name', () => {
    const { broken } = propose('item: li.card\nselectors: { title: h3, price: .amount-now }\n', books, {
      rows: [2, 3].map((n) => ({ title: `Book ${n}`, price: `£1${n}.80` })),
    });
    expect(broken).toMatchObject([{ proposal: { filled: 6, rows: 6, basis: 'earlier_rows' } }]);
  });

  it('the item is repaired before the fields in it', () => {
    const { broken, before, after } = propose(
      'item: li.cards\nselectors: { title: h3, price: .cost .price-color }\n',
      books,
    );
    expect(broken.map(({ path, proposal }) => [path, proposal?.value])).toEqual([
      ['item', 'li.card'],
      ['selectors.price', '.cost .price_color'],
    ]);
    expect(before?.rows).toBe(0);
    expect(after?.rows).toBe(6);
  });

  it('two names of one selector may be gone', () => {
    const { broken } = propose('item: li.card\nselectors: { price: .costs .price-color }\n', books);
    expect(broken[0]?.proposal?.value).toBe('.cost .price_color');
  });

  it.each([
    ['xpath:.//b[@class="price-color"]', 'xpath:.//b[@class="price_color"]'],
    [
      `xpath:.//b[contains(concat(" ", @class, " "), " price-color ")]`,
      `xpath:.//b[contains(concat(" ", @class, " "), " price_color ")]`,
    ],
  ])('an XPath keeps its form: %s', (selector, value) => {
    const { broken } = propose(`item: li.card\nselectors: { price: '${selector}' }\n`, books);
    expect(broken[0]?.proposal?.value).toBe(value);
  });

  it('nothing is proposed where nothing is near', () => {
    const { broken, after } = propose('item: li.card\nselectors: { title: h3, author: em.writer }\n', books);
    expect(broken).toMatchObject([{ field: 'author', matched: 0 }]);
    expect(broken[0]).not.toHaveProperty('proposal');
    expect(after).toBeNull();
  });
});

describe('of a JSON configuration', () => {
  const json = JSON.stringify({
    results: [0, 1, 2].map((n) => ({ title: `Book ${n}`, offer: { amount: 10.8 + n, currency: 'GBP' } })),
  });
  const asJson = { type: 'application/json' };

  it('a path is repaired where its name is gone', () => {
    const { broken } = propose(
      "item: 'json:$.results[*]'\nselectors: { title: 'json:$.title', price: 'json:$.offer.price' }\n",
      json,
      { ...asJson, rows: [{ title: 'x', price: 9.5 }] },
    );
    expect(broken).toMatchObject([
      { field: 'price', proposal: { value: 'json:$.offer.amount', filled: 3, rows: 3, first: 10.8 } },
    ]);
  });

  it('the path of the rows is repaired, and its fields are not called broken', () => {
    const { broken, after } = propose(
      "item: 'json:$.result[*]'\nselectors: { title: 'json:$.title', price: 'json:$.offer.amount' }\n",
      json,
      asJson,
    );
    expect(broken).toMatchObject([{ path: 'item', proposal: { value: 'json:$.results[*]', filled: 3 } }]);
    expect(after?.rows).toBe(3);
  });
});

describe('of an XML feed', () => {
  const feed = (tag: string) =>
    `<rss xmlns:g="http://base.google.com/ns/1.0"><channel>${[0, 1, 2].map((n) => `<item><title>Book ${n}</title><${tag}>1${n}.80</${tag}></item>`).join('')}</channel></rss>`;
  const asXml = { type: 'application/xml' };

  it.each([
    ['g|price', 'p:price', 'p|price'],
    ['g|price', 'price', 'price'],
    ['price', 'g:price', 'g|price'],
    ['g|price', 'g:sale_price', 'g|sale_price'],
    ['xpath:g:price', 'product:price', 'xpath:product:price'],
    ['xpath:.//g:price', 'price', 'xpath:.//price'],
  ])('%s is found again as <%s>', (selector, tag, value) => {
    const { broken } = propose(
      `item: item\nselectors: { title: title, price: '${selector}' }\n`,
      feed(tag),
      asXml,
    );
    expect(broken).toMatchObject([{ field: 'price', proposal: { value, filled: 3, first: '10.80' } }]);
  });

  it('the rows are found again under a prefix', () => {
    const atom = feed('g:price').replaceAll('<item>', '<a:entry>').replaceAll('</item>', '</a:entry>');
    const { broken } = propose('item: entry\nselectors: { title: title, price: g|price }\n', atom, asXml);
    expect(broken).toMatchObject([{ part: 'item', proposal: { value: 'a|entry', filled: 3 } }]);
  });
});

describe('a field that three of twenty rows lack', () => {
  const YAML = 'item: li\nselectors: { title: h3, price: .price }\n';
  const page = (special: string, others = '') =>
    Array.from(
      { length: 20 },
      (_, n) =>
        `<li><h3>Book ${n}</h3>${n % 7 === 3 ? special : `<b class="price">£${n}.50</b>${others}`}</li>`,
    ).join('');
  const rows = [{ title: 'Dune', price: '£7.20' }];
  const special = '<b class="special-price">£3.10</b>';

  it('is read by a second selector in these rows, and stays as it is in the others', () => {
    const { broken, after } = propose(YAML, page(special), { rows });
    expect(broken).toEqual([
      {
        ...{
          part: 'field',
          field: 'price',
          path: 'selectors.price',
          selector: '.price',
          matched: 17,
          gaps: 3,
        },
        proposal: {
          value: '.price, .special-price',
          filled: 20,
          rows: 20,
          first: '£0.50',
          basis: 'similar_name',
        },
      },
    ]);
    expect(after).toMatchObject({ rows: 20, matches: { price: 20 } });
  });

  it('may have another name there, if its values look as they did', () => {
    const { broken } = propose(YAML, page('<b class="now">£3.10</b>'), { rows });
    expect(broken).toMatchObject([{ proposal: { value: '.price, .now', filled: 20 } }]);
  });

  it('is left alone if earlier rows lacked it, too, or if another row would change', () => {
    expect(propose(YAML, page(special), { rows: [...rows, { title: 'Emma', price: null }] }).broken).toEqual(
      [],
    );
    expect(propose(YAML, page(special), { rows: [] }).broken).toEqual([]);
    const first = page(special).replaceAll(
      '<b class="price">',
      '<i class="special-price">£9.99</i><b class="price">',
    );
    expect(propose(YAML, first, { rows }).broken).toEqual([]);
    expect(propose(YAML, page('<i>sold out</i>'), { rows }).broken).toEqual([]);
  });
});

describe('in a list of hundreds of rows', () => {
  const many = `<ul>${Array.from({ length: 900 }, (_, n) => `<li class="card"><h3>Book ${n}</h3><i class="x7">£${n}.80</i></li>`).join('')}</ul>`;
  const yaml = 'item: li.card\nselectors: { title: h3, price: .cost }\n';
  const rowsFrom = (first: number) =>
    Array.from({ length: 5 }, (_, n) => ({ title: `Book ${first + n}`, price: `£${first + n}.80` }));

  it.each([
    ['at its beginning', 3],
    ['at its end', 890],
  ])('earlier rows that are %s are found, and all rows are counted', (_, first) => {
    const [broken] = propose(yaml, many, { rows: rowsFrom(first) }).broken;
    expect(broken?.proposal).toEqual({
      ...{ value: 'i.x7', filled: 900, rows: 900, first: '£0.80', basis: 'earlier_rows' },
    });
  });

  it('a new item is counted in all of it', () => {
    const [broken] = propose(yaml.replace('li.card', 'li.tile'), many, { rows: rowsFrom(3) }).broken;
    expect(broken?.proposal).toMatchObject({ filled: 900, basis: 'earlier_rows' });
  });
});

describe('what is proposed', () => {
  const FIELDS = {
    title: (n: number, name: string) => `<h3 class="${name}">Book ${n}</h3>`,
    price: (n: number, name: string) => `<b class="${name}">£${n}.80</b>`,
    stock: (n: number, name: string) => `<i class="${name}">${n} left</i>`,
    author: (n: number, name: string) => `<u class="${name}">Ann ${n % 3}</u>`,
  };
  type Name = keyof typeof FIELDS;
  const NAMES = Object.keys(FIELDS) as Name[];
  const yaml = `item: li.card\nselectors: { ${NAMES.map((name) => `${name}: .${name}`).join(', ')} }\n`;
  const text = (name: Name, n: number) => FIELDS[name](n, '').replaceAll(/<[^>]*>/g, '');

  it('leaves the rows of all other fields as they are', () => {
    fc.assert(
      fc.property(
        fc.subarray(NAMES, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('x7', 'other', 'title-new', 'price_now', 'card-text'),
        fc.uniqueArray(fc.nat(60), { minLength: 3, maxLength: 20 }),
        fc.array(fc.nat(60), { maxLength: 6 }),
        fc.boolean(),
        (lost, prefix, numbers, lacking, hasRows) => {
          const cards = numbers.map((n) => {
            const own = NAMES.filter(
              (name) => name === 'title' || !lacking.includes(n + NAMES.indexOf(name)),
            );
            const nameOf = (name: Name) => (lost.includes(name) ? `${prefix}${NAMES.indexOf(name)}` : name);
            return `<li class="card">${own.map((name) => FIELDS[name](n, nameOf(name))).join('')}</li>`;
          });
          const body = `<ul>${cards.join('')}</ul>`;
          const rows = numbers.map((n) => Object.fromEntries(NAMES.map((name) => [name, text(name, n)])));
          const { broken } = propose(yaml, body, { rows: hasRows ? rows : [] });
          const changes = Object.fromEntries(
            broken.flatMap(({ path, proposal }) => (proposal ? [[path, proposal.value]] : [])),
          );
          const extract = (source: string) => {
            const { config } = parseExtraction(source, 'shop.yaml');
            return extractRows(loadPage(Buffer.from(body), 'text/html', 'http://shop.example/'), config).rows;
          };
          const [before, after] = [
            extract(HEAD + yaml),
            extract(changeConfig(HEAD + yaml, 'shop.yaml', changes)),
          ];
          const isRepaired = (name: Name) => broken.some(({ field }) => field === name);
          for (const name of NAMES.filter((one) => !lost.includes(one) && !isRepaired(one))) {
            const listOf = (list: typeof before) => list.flatMap(({ [name]: value }) => value ?? []);
            expect(listOf(after), name).toEqual(listOf(before));
          }
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  });
});
