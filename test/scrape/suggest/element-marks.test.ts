import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pageSelector } from '../../../src/scrape/config/page-selector.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { select } from '../../../src/scrape/extract/select.ts';
import { escapeName } from '../../../src/scrape/suggest/element-marks.ts';

function load(name: string) {
  const html = `<i data-x="${name.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">x</i>`;
  return loadPage(
    Buffer.from(html.replace('data-x', 'class')),
    'text/html; charset=utf-8',
    'http://shop.example/',
  );
}

const latin = Array.from({ length: 0x17f - 0x21 }, (_, at) => String.fromCharCode(0x21 + at));
const sign = fc.oneof(
  fc.constantFrom(...latin.filter((one) => !/[\p{Cc}\s]/u.test(one))),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => !/[\p{C}\s]/u.test(one)),
);
const name = fc.string({ unit: sign, minLength: 1, maxLength: 12 });

it('writes each class name so that the engine and a configuration take it, and it matches', () => {
  fc.assert(
    fc.property(name, (text) => {
      const selector = `.${escapeName(text)}`;
      expect(pageSelector.safeParse(selector).error).toBeUndefined();
      expect(select(load(text), selector)).toHaveLength(1);
      expect(select(load(`${text}x`), selector)).toHaveLength(0);
    }),
    { numRuns: 500 },
  );
});

it('tells how to write a sign that a name cannot hold as it is', () => {
  const { error } = pageSelector.safeParse('.preis-£');
  expect(JSON.stringify(error?.issues)).toContain('in place of £ in a name');
  expect(pageSelector.safeParse('.preis-\\£').success).toBe(true);
});
