import { describe, expect, it } from 'vitest';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { cpuSeconds } from '../../cpu-seconds.ts';
import { configOf, extract } from './fixtures.ts';

describe('hostile pages', () => {
  const deep = `${'<div>'.repeat(10_000)}<h1>deep</h1>`;

  it('of 10,000 levels are read by CSS, and refused for XPath with what to do', () => {
    expect(extract(deep, 'selectors: {t: {selector: h1, regex: "d(.*)p"}}\n').rows).toEqual([{ t: 'ee' }]);
    expect(() => extract(deep, 'selectors: {t: "xpath://h1"}\n')).toThrow(
      expect.objectContaining({ kind: 'too_large', hint: 'Use a CSS selector' }),
    );
  });

  it('as deep as a browser goes are read by XPath', () => {
    const html = `${'<div>'.repeat(500)}<h1>deep</h1>`;
    const rules = 'selectors: {t: "xpath://h1", n: "xpath:count(//div)", s: "xpath:string(/*)"}\n';
    expect(extract(html, rules).rows).toEqual([{ t: 'deep', n: '500', s: 'deep' }]);
  });

  it('cannot make a regex take for ever', () => {
    const text = `${'a'.repeat(100_000)}!`;
    for (const pattern of ['^(a+)+$', '(a|aa)+$', '(.*)*x', '(a?){100}b']) {
      const yaml = `selectors: {h: h1, t: {selector: p, regex: "${pattern}"}}\n`;
      const seconds = cpuSeconds(() => {
        expect(extract(`<h1>h</h1><p>${text}</p>`, yaml).rows).toEqual([{ h: 'h', t: null }]);
      });
      expect(seconds).toBeLessThan(20);
    }
  });

  it('with attributes of megabytes are read, with samples that are short', () => {
    const value = 'x1 '.repeat(350_000);
    const yaml = `selectors:
  all: {selector: i, attribute: data-v}
  number: {selector: i, attribute: data-v, type: number}
  date: {selector: i, attribute: data-v, type: date}
  price: {selector: i, attribute: data-v, type: price}
  part: {selector: i, attribute: data-v, regex: "x(.)"}
`;
    const { rows, unread } = extract(`<i data-v="${value}">t</i>`, yaml);
    expect(rows).toEqual([{ all: value.trim(), number: null, date: null, price: null, part: null }]);
    expect(unread.map(({ field }) => field)).toEqual(['number', 'date', 'price', 'part']);
    expect(Math.max(...unread.map(({ sample }) => sample.length))).toBeLessThanOrEqual(81);
  });

  it.each([
    '1'.repeat(300),
    '1,'.repeat(140),
    '. '.repeat(140),
    '1 000 '.repeat(45),
    '-'.repeat(300),
    '12-'.repeat(95),
  ])('with figures without end take no time: %.12s…', (text) => {
    for (const type of ['number', 'integer', 'price', 'date', 'boolean']) {
      const yaml = `selectors: {h: h1, v: {selector: p, type: ${type}}}\n`;
      const seconds = cpuSeconds(() =>
        expect(extract(`<h1>h</h1><p>${text}</p>`, yaml).rows[0]?.['v']).toBeNull(),
      );
      expect(seconds).toBeLessThan(20);
    }
  });

  it.each([
    ['Shift_JIS', '83658358836720333030', 'text/html; charset=Shift_JIS'],
    ['windows-1252', Buffer.from('£300', 'latin1').toString('hex'), 'text/html'],
    ['a charset that lies', Buffer.from('£300', 'latin1').toString('hex'), 'text/html; charset=utf-8'],
    ['a charset that does not exist', Buffer.from('£300').toString('hex'), 'text/html; charset=utf-99'],
  ])('in %s are read or null, by CSS and XPath alike', (_name, hex, contentType) => {
    const body = Buffer.concat([Buffer.from('<p>'), Buffer.from(hex, 'hex'), Buffer.from('</p>')]);
    const page = loadPage(body, contentType, 'http://shop.test/');
    const yaml = (selector: string) => configOf(`selectors: {p: {selector: "${selector}", type: number}}\n`);
    expect(extractRows(page, yaml('p')).rows).toEqual([{ p: 300 }]);
    expect(extractRows(page, yaml('xpath://p')).rows).toEqual([{ p: 300 }]);
  });
});
