import { describe, expect, it } from 'vitest';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { configOf, extract, pageOf } from './fixtures.ts';

const html = `<div class="book" data-Price=" 51.77 ">
  <h2>One<br>Two &amp;nbsp;</h2><p class="note"> <b>bold</b>  and<i> thin</i> </p><p class="none"></p>
  <script type="application/ld+json">{"a": 1}</script><noscript><img src="x.png"></noscript>
  <ul><li data-id="1"><a href="/a">A</a> <em>x</em></li><li data-id="2"><a href="/b">B</a></li></ul>
</div>`;
const row = (fields: string, more = '') => extract(html, `selectors:\n${fields}${more}`).rows[0];

describe('values of a field', () => {
  it('takes text with white space normalised, a line break as white space', () => {
    expect(row('  t: "h2"\n  n: ".note"\n')).toEqual({ t: 'One Two &nbsp;', n: 'bold and thin' });
  });

  it('leaves text as it stands when cleaning is off', () => {
    const off = 'data_cleaning: {trim: false, normalize_whitespace: false}\n';
    expect(row('  n: ".note"\n', off)).toEqual({ n: ' bold  and thin ' });
    expect(row('  t: "h2"\n', off)).toEqual({ t: 'One\nTwo &nbsp;' });
  });

  it('leaves scripts out of the text around them, and takes a script that is asked for', () => {
    expect(row('  all: "div"\n')?.['all']).toBe('One Two &nbsp; bold and thin A xB');
    expect(row('  data: "script"\n')).toEqual({ data: '{"a": 1}' });
  });

  it('takes an attribute with its name in any case', () => {
    expect(
      row('  p: {selector: ".book", attribute: data-Price}\n  h: {selector: "a:first", attribute: href}\n'),
    ).toEqual({
      p: '51.77',
      h: 'http://shop.test/a',
    });
    expect(row('  a: "h2"\n  p: {selector: ".book", attribute: constructor}\n')).toEqual({
      a: 'One Two &nbsp;',
      p: null,
    });
  });

  it('takes inner HTML, under both names', () => {
    const inner = '<b>bold</b>  and<i> thin</i>';
    expect(
      row('  a: {selector: ".note", html: true}\n  b: {selector: ".note", extract_html: true}\n'),
    ).toEqual({ a: inner, b: inner });
  });

  it('makes empty text null and leaves out a row in which all is empty', () => {
    expect(row('  t: "h2"\n  e: ".none"\n')).toEqual({ t: 'One Two &nbsp;', e: null });
    expect(extract(html, 'selectors: {e: ".none"}\n').rows).toEqual([]);
  });

  it('reads dates relative to the time of fetching where a field asks for them', () => {
    const page = { ...pageOf('<p>3 hours ago</p>'), fetchedAt: Date.parse('2026-11-25T10:12:33Z') };
    const rows = (more: string) =>
      extractRows(page, configOf(`selectors: {at: {selector: "p", type: date${more}}, text: "p"}\n`)).rows;
    expect(rows(', relative: true')).toEqual([{ at: '2026-11-25T07:12:00Z', text: '3 hours ago' }]);
    expect(rows('')).toEqual([{ at: null, text: '3 hours ago' }]);
    expect(() => configOf('selectors: {at: {selector: "p", relative: true}}\n')).toThrow('no type date');
  });

  it('takes every match with multiple, an empty list without any', () => {
    expect(
      row('  t: "h2"\n  l: {selector: "li a", multiple: true}\n  z: {selector: ".zzz", multiple: true}\n'),
    ).toEqual({
      t: 'One Two &nbsp;',
      l: ['A', 'B'],
      z: [],
    });
  });

  it('finds children inside the match: an object, or with multiple a list of objects', () => {
    const children =
      '{id: {selector: ":scope", attribute: data-id}, text: "a", to: {selector: "a", attribute: href}, em: "em"}';
    expect(row(`  one: {selector: "li:first", children: ${children}}\n`)).toEqual({
      one: { id: '1', text: 'A', to: 'http://shop.test/a', em: 'x' },
    });
    expect(row(`  all: {selector: "li", multiple: true, children: ${children}}\n`)).toEqual({
      all: [
        { id: '1', text: 'A', to: 'http://shop.test/a', em: 'x' },
        { id: '2', text: 'B', to: 'http://shop.test/b', em: null },
      ],
    });
  });

  it('nests children in children', () => {
    const yaml =
      '  book: {selector: ".book", children: {list: {selector: "ul", children: {links: {selector: "a", multiple: true}}}}}\n';
    expect(row(yaml)).toEqual({ book: { list: { links: ['A', 'B'] } } });
  });

  it('keeps a child named constructor to its object', () => {
    expect(row('  l: {selector: "ul", children: {constructor: "em"}}\n')).toEqual({
      l: { constructor: 'x' },
    });
  });
});

describe('addresses', () => {
  const page = (base: string) =>
    `${base}<h1>t</h1><a href=" x/y?q=1#z ">a</a><img src="//cdn.test/i.png" data-src="lazy.png"><form action="/go"></form>`;
  const fields = `selectors:
  href: {selector: a, attribute: href}
  src: {selector: img, attribute: src}
  lazy: {selector: img, attribute: data-src}
  whole: {selector: img, attribute: data-src, absolute: true}
  raw: {selector: a, attribute: href, absolute: false}
  text: {selector: h1, absolute: true}
  action: {selector: form, attribute: action}
`;

  it('are made absolute: href, src and similar ones, others where it is configured', () => {
    expect(extract(page(''), fields).rows[0]).toEqual({
      href: 'http://shop.test/x/y?q=1#z',
      src: 'http://cdn.test/i.png',
      lazy: 'lazy.png',
      whole: 'http://shop.test/lazy.png',
      raw: 'x/y?q=1#z',
      text: 'http://shop.test/t',
      action: 'http://shop.test/go',
    });
  });

  it('count from the base element', () => {
    expect(extract(page('<base href="/shop/">'), fields).rows[0]).toMatchObject({
      href: 'http://shop.test/shop/x/y?q=1#z',
      action: 'http://shop.test/go',
    });
  });

  it.each([
    'mailto:a@b.test',
    'javascript:void(0)',
    'data:image/png;base64,AAAA',
    'http://[',
    'https://other.test/',
  ])('that are whole, or none, stay as they are: %s', (href) => {
    expect(
      extract(`<a href="${href}">a</a>`, 'selectors: {a: {selector: a, attribute: href}}\n').rows,
    ).toEqual([{ a: href }]);
  });
});

describe('regex and type', () => {
  const of = (field: string, text: string, more = '') => {
    const { rows, unread } = extract(
      `<h1>h</h1><p>${text}</p>`,
      `selectors: {h: h1, v: {selector: p, ${field}}}\n${more}`,
    );
    return [rows[0]?.['v'], unread.map(({ sample, reason }) => `${sample} ${reason}`).join()];
  };

  it('takes the first group, or all that matches, after white space is in order', () => {
    expect(of('regex: "(\\\\d+) of (\\\\d+)"', 'Page  3\n of 7')).toEqual(['3', '']);
    expect(of('regex: "\\\\d+"', 'Page 3')).toEqual(['3', '']);
    expect(of('regex: "([a-z]+)?-"', 'A-')).toEqual([null, 'A- is not matched by the group of its regex']);
    expect(of('regex: "x(\\\\s*)y"', 'x y')).toEqual([null, '']);
  });

  it('makes null of what does not match, and counts it', () => {
    expect(of('regex: "\\\\d+"', 'none')).toEqual([null, 'none is not matched by its regex']);
  });

  it('reads what the regex took', () => {
    expect(of('regex: "\\\\((\\\\d+)", type: integer', 'In stock (22 available)')).toEqual([22, '']);
    expect(of('regex: "stock", type: boolean', 'In stock')).toEqual([true, '']);
    expect(of('regex: "stock", type: boolean', 'Sold')).toEqual([false, '']);
    expect(of('regex: "stock: (\\\\w+)", type: boolean', 'stock: no')).toEqual([false, '']);
  });

  it('reads by the locale of the field, else of the configuration', () => {
    expect(of('type: number', '1.234')).toEqual([
      null,
      '1.234 can be read in two ways (set locale: en, for example)',
    ]);
    expect(of('type: number', '1.234', 'locale: de\n')).toEqual([1234, '']);
    expect(of('type: number, locale: en', '1.234', 'locale: de\n')).toEqual([1.234, '']);
    expect(of('type: date', '03/04/2026', 'locale: en-US\n')).toEqual(['2026-03-04', '']);
  });

  it('leaves conversions to values without a type, and nothing empty to be read', () => {
    expect(of('type: price', '£5', 'data_cleaning: {convert_numbers: true}\n')).toEqual([
      { amount: 5, currency: 'GBP' },
      '',
    ]);
    expect(of('type: price', ' ')).toEqual([null, '']);
    expect(of('type: number', '5 kg', 'data_cleaning: {trim: false}\n')).toEqual([5, '']);
  });

  it('reads each of several, and leaves out those that cannot be read', () => {
    const html = '<h1>h</h1><p>1</p><p>x</p><p>3</p>';
    const { rows, unread } = extract(
      html,
      'selectors: {h: h1, v: {selector: p, multiple: true, type: integer}}\n',
    );
    expect(rows[0]?.['v']).toEqual([1, 3]);
    expect(unread).toEqual([{ field: 'v', reason: 'is not a number', count: 1, sample: 'x' }]);
  });

  it('takes an attribute that HTML writes without a value for yes', () => {
    const fields = 'selectors: {h: h1, v: {selector: input, attribute: checked, type: boolean}}\n';
    expect(extract('<h1>h</h1><input checked>', fields).rows[0]).toEqual({ h: 'h', v: true });
    expect(extract('<h1>h</h1><input>', fields).rows[0]).toEqual({ h: 'h', v: false });
    expect(extract('<h1>h</h1>', fields).rows[0]).toEqual({ h: 'h', v: null });
  });

  it('counts children under their path, with their matches', () => {
    const html = '<h1>h</h1><ul><li><i>1</i></li><li><i>x</i></li><li></li></ul>';
    const yaml =
      'selectors: {h: h1, l: {selector: li, multiple: true, children: {n: {selector: i, type: integer}, z: b}}}\n';
    const { rows, matches, unread } = extract(html, yaml);
    expect(rows).toEqual([{ h: 'h', l: [{ n: 1, z: null }] }]);
    expect(matches).toEqual({ h: 1, l: 3, 'l.n': 2, 'l.z': 0 });
    expect(unread).toMatchObject([{ field: 'l.n', sample: 'x' }]);
  });
});
