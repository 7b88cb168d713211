import { describe, expect, it } from 'vitest';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { configOf } from './fixtures.ts';

const rowsOf = (html: string, yaml: string, scripted = false) =>
  extractRows(
    loadPage(Buffer.from(html), 'text/html; charset=utf-8', 'http://shop.test/', { scripted }),
    configOf(yaml),
  ).rows;

const PHOTO = 'photo: {selector: "img", attribute: src}';
const LAZY = `<ul>${['a', 'b', 'c']
  .map(
    (name) =>
      `<li><h3>${name}</h3><img class="lazy" src="wait.gif"><noscript><img src="/${name}.jpg"></noscript></li>`,
  )
  .join('')}</ul>`;

describe('where no script runs', () => {
  it('pictures in noscript are pictures', () => {
    const html = '<h1>Soup</h1><noscript><img class="a" src="/soup.jpg"></noscript>';
    const rows = [{ title: 'Soup', photo: 'http://shop.test/soup.jpg' }];
    expect(rowsOf(html, `selectors: {title: h1, ${PHOTO}}\n`)).toEqual(rows);
    const xpath = 'selectors: {title: h1, photo: "xpath://noscript/img/@src"}\n';
    expect(rowsOf(html, xpath)).toEqual([{ title: 'Soup', photo: 'http://shop.test/soup.jpg' }]);
    expect(rowsOf(html, `selectors: {title: h1, ${PHOTO}}\n`, true)).toEqual([
      { title: 'Soup', photo: null },
    ]);
  });

  it('content of noscript counts only for rows that have nothing else of it', () => {
    const missing = LAZY.replace('<h3>b</h3><img class="lazy" src="wait.gif">', '<h3>b</h3>');
    expect(rowsOf(missing, `item: li\nselectors: {title: h3, ${PHOTO}}\n`).map(({ photo }) => photo)).toEqual(
      ['http://shop.test/wait.gif', 'http://shop.test/b.jpg', 'http://shop.test/wait.gif'],
    );
    const all = 'item: li\nselectors: {title: h3, all: {selector: img, attribute: src, multiple: true}}\n';
    expect(rowsOf(LAZY, all).map((row) => row['all'])).toEqual(Array(3).fill(['http://shop.test/wait.gif']));
  });

  it('rows stay as they are, with and without an item, and pictures of noscript can be asked for', () => {
    expect(rowsOf(LAZY, `selectors: {title: h3, ${PHOTO}}\n`)).toHaveLength(3);
    const own = 'selectors: {title: h3, photo: {selector: "noscript img", attribute: src}}\n';
    expect(rowsOf(LAZY, own).map(({ photo }) => photo)).toEqual(
      ['a', 'b', 'c'].map((name) => `http://shop.test/${name}.jpg`),
    );
  });

  it('unclosed elements in noscript end with it, and a head stays a head', () => {
    const html = `<head><noscript><img src="/pixel.gif"></noscript><title>T</title></head>
<body><noscript><div><b>Turn on JavaScript</noscript><p>one</p><p>two</p></body>`;
    expect(rowsOf(html, 'selectors: {t: "head > title", p: "body > p", b: "body > b"}\n')).toEqual([
      { t: null, p: 'one', b: null },
      { t: null, p: 'two', b: null },
    ]);
    expect(rowsOf(html, 'selectors: {t: "head > title", all: "body"}\n')).toEqual([
      { t: 'T', all: 'onetwo' },
    ]);
  });

  it('noscript itself has its markup as text, as before', () => {
    const yaml = `selectors: {photo: {selector: noscript, regex: 'src="([^"]+)"'}}\n`;
    expect(rowsOf('<p><noscript><img src="/a.jpg"></noscript></p>', yaml)).toEqual([{ photo: '/a.jpg' }]);
  });

  it('a page is refused for what noscript holds, too', () => {
    const html = `<p>x</p><noscript>${'<div>'.repeat(20_000)}</noscript>`;
    expect(() => loadPage(Buffer.from(html), 'text/html', 'http://shop.test/')).toThrow('too deep');
  });
});
