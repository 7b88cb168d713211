import { describe, expect, it } from 'vitest';
import { extract } from './fixtures.ts';

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

  it('takes an attribute as written, whatever the case of its name', () => {
    expect(
      row('  p: {selector: ".book", attribute: data-Price}\n  h: {selector: "a:first", attribute: href}\n'),
    ).toEqual({
      p: '51.77',
      h: '/a',
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
      one: { id: '1', text: 'A', to: '/a', em: 'x' },
    });
    expect(row(`  all: {selector: "li", multiple: true, children: ${children}}\n`)).toEqual({
      all: [
        { id: '1', text: 'A', to: '/a', em: 'x' },
        { id: '2', text: 'B', to: '/b', em: null },
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
