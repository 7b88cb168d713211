import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractionText } from '../../../src/core/configs/new-config.ts';
import { parseExtraction } from '../../../src/scrape/config/parse-config.ts';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { findSelectors } from '../../../src/scrape/suggest/find-selectors.ts';
import { foldText } from '../../../src/scrape/suggest/page-text.ts';

function load(html: string) {
  return loadPage(Buffer.from(html), 'text/html; charset=utf-8', 'http://shop.example/');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** Texts as pages have them, with what CSS, XPath, YAML and patterns treat in a special way. */
const text = fc.string({
  unit: fc.constantFrom(...'abcXYZ019 "\'\\$.*+?()[]{}|#:;,<>&=~^%@!/-_`äßπ漢’“'),
  minLength: 3,
  maxLength: 30,
});
const hostileName = fc.oneof(
  fc.constantFrom(
    'price',
    'w-1/2',
    'md:flex',
    '1st',
    '-1',
    '--x',
    'a.b',
    'a#b',
    'ünder',
    '漢字',
    'x[0]',
    'a|b',
  ),
  fc.constantFrom(
    '"',
    "'",
    '\\',
    '$' + '{HOME}',
    '\u0001',
    '\ufeff',
    '*',
    '#',
    ':not(a)',
    '</b>',
    '.inf',
    '@x',
  ),
  text.map((name) => name.replaceAll(/\s/g, '') || 'x'),
);

const page = fc
  .record({
    values: fc.uniqueArray(text, {
      minLength: 8,
      maxLength: 16,
      selector: (value) => foldText(value),
      comparator: (one, other) => one !== '' && (one.includes(other) || other.includes(one)),
    }),
    row: fc.constantFrom('div', 'li', 'article', 'tr-less'),
    names: fc.array(hostileName, { minLength: 3, maxLength: 3 }),
    attribute: fc.constantFrom('class', 'id', 'data-x', 'data-testid', 'itemprop', 'title'),
    junk: fc.array(
      fc.constantFrom('<p>other</p>', '<div><i>more</i></div>', '<nav><a href="/">home</a></nav>'),
    ),
  })
  .filter(({ values }) => values.every((value) => foldText(value).length >= 3))
  .map(({ values, row, names, attribute, junk }) => {
    const [one = '', two = '', three = ''] = names.map(escapeHtml);
    const tag = row === 'tr-less' ? 'section' : row;
    const pairs = Array.from({ length: values.length >> 1 }, (_, at) => values.slice(2 * at, 2 * at + 2));
    const rows = pairs.map(
      ([title = '', price = '']) =>
        `<${tag} class="${one}"><h3 ${attribute}="${two}">${escapeHtml(title)}</h3> <span ${attribute}="${three}">${escapeHtml(price)}</span></${tag}>`,
    );
    return { pairs, html: `<body>${junk.join('')}<div id="list">${rows.join('\n')}</div></body>` };
  });

describe('selectors for examples', () => {
  it('take exactly the examples from their row, whatever the page calls its elements', () => {
    fc.assert(
      fc.property(page, fc.nat(), ({ pairs, html }, number) => {
        const at = number % pairs.length;
        const [title = '', price = ''] = pairs[at] ?? [];
        const { item, fields } = findSelectors(load(html), [
          { name: 'title', value: title },
          { name: 'the price: "x"', value: price },
        ]);
        expect(item?.count).toBe(pairs.length);
        const best = fields.flatMap(({ name, candidates: [first] }) =>
          first === undefined ? [] : [{ ...first, name, type: first.needsType ? first.type : undefined }],
        );
        expect(best).toHaveLength(2);
        const yaml = extractionText('http://shop.example/', item?.selector ?? null, best);
        expect(yaml).not.toContain('${');
        const { rows } = extractRows(load(html), parseExtraction(yaml, 'x.yaml').config);
        expect(rows.map(Object.values).map((row) => row.map((value) => foldText(String(value))))).toEqual(
          pairs.map((row) => row.map(foldText)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('do not take a row that has the class of its field', () => {
    const rows = ['a=', 'b>', 'c^'].map(
      (price, at) => `<p class="price"><b>Book ${at}</b> <i class="price">${price}</i></p>`,
    );
    const { item, fields } = findSelectors(load(`<div>${rows.join('')}</div>`), [
      { name: 'title', value: 'Book 0' },
      { name: 'price', value: 'a=' },
    ]);
    const best = fields.flatMap(({ name, candidates: [first] }) => (first ? [{ ...first, name }] : []));
    const yaml = extractionText('http://shop.example/', item?.selector ?? null, best);
    const taken = extractRows(load(`<div>${rows.join('')}</div>`), parseExtraction(yaml, 'x.yaml').config);
    expect(taken.rows.map(({ price }) => price)).toEqual(['a=', 'b>', 'c^']);
  });

  it('each hit their example, and are found again by what they say of themselves', () => {
    fc.assert(
      fc.property(page, ({ pairs, html }) => {
        const [title = '', price = ''] = pairs[0] ?? [];
        const found = findSelectors(load(html), [
          { name: 'title', value: title },
          { name: 'price', value: price },
          { name: 'nowhere', value: 'kwyjibo-kwyjibo' },
        ]);
        expect(found.fields[2]).toMatchObject({ candidates: [], hits: 0 });
        for (const { name, candidates } of found.fields.slice(0, 2))
          for (const candidate of candidates) {
            const yaml = extractionText('http://shop.example/', found.item?.selector ?? null, [
              { ...candidate, name },
            ]);
            const { rows, matches } = extractRows(load(html), parseExtraction(yaml, 'x.yaml').config);
            expect(foldText(String(rows[0]?.[name]))).toBe(foldText(name === 'title' ? title : price));
            expect(matches[name]).toBe(candidate.matched);
            expect(Math.floor((100 * rows.length) / candidate.rows)).toBe(candidate.filledPercent);
          }
      }),
      { numRuns: 30 },
    );
  });
});
