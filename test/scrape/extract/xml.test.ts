import { describe, expect, it } from 'vitest';
import { extractRows } from '../../../src/scrape/extract/extract-rows.ts';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { configOf } from './fixtures.ts';

const RSS = `<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>News</title><link>http://shop.test/</link>
<item><title>One &amp; two&nbsp;three</title><link>http://shop.test/1</link><dc:creator>Ann</dc:creator>
<description><![CDATA[<p>bold <b>x</b></p>]]></description><media:content url="/1.png"/><itemID>7</itemID></item>
<item><title>Four</title><link>http://shop.test/2</link><dc:creator>Bob</dc:creator>
<description>a <![CDATA[>]]> b</description><media:content url="/2.png"/><itemID>8</itemID></item>
</channel></rss>`;

const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link href="/a"/></entry>
<entry><title>B</title><link href="/b"/></entry></feed>`;

const XHTML = `<?xml version="1.0"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x.js"/></head>
<body><ul><li class="a">Eins&nbsp;&euro;<br/>zwei<script>no</script></li><li class="a">Drei</li></ul></body></html>`;

const rowsOf = (xml: string, type: string | undefined, yaml: string) =>
  extractRows(loadPage(Buffer.from(xml), type, 'http://shop.test/feed'), configOf(yaml)).rows;

const FIELDS = `item: item
selectors:
  title: title
  link: link
  text: description
  by: "dc|creator"
  picture: {selector: "media|content", attribute: url, absolute: true}
  id: itemID
`;

describe('a feed', () => {
  it.each([
    'application/rss+xml; charset=utf-8',
    'text/xml',
    'application/xml',
    // With a type that says nothing, or that most feeds do not deserve.
    undefined,
    'text/plain',
    'text/html',
  ])('is read as XML, of the type %s', (type) => {
    expect(rowsOf(RSS, type, FIELDS)).toEqual([
      {
        title: 'One & two three',
        link: 'http://shop.test/1',
        text: '<p>bold <b>x</b></p>',
        by: 'Ann',
        picture: 'http://shop.test/1.png',
        id: '7',
      },
      {
        title: 'Four',
        link: 'http://shop.test/2',
        text: 'a > b',
        by: 'Bob',
        picture: 'http://shop.test/2.png',
        id: '8',
      },
    ]);
  });

  it('is read by XPath, with names as they are written', () => {
    const yaml = `item: "xpath://item"
selectors: {title: "xpath:title", by: "xpath:dc:creator/text()", id: "xpath:itemID", none: "xpath:itemid"}
`;
    expect(rowsOf(RSS, 'text/xml', yaml)).toEqual([
      { title: 'One & two three', by: 'Ann', id: '7', none: null },
      { title: 'Four', by: 'Bob', id: '8', none: null },
    ]);
  });

  it('of Atom is read by plain names, as its namespace has no prefix', () => {
    const link = '{selector: link, attribute: href}';
    const rows = [
      { title: 'A', link: 'http://shop.test/a' },
      { title: 'B', link: 'http://shop.test/b' },
    ];
    const css = `item: entry\nselectors: {title: title, link: ${link}}\n`;
    expect(rowsOf(ATOM, 'application/atom+xml', css)).toEqual(rows);
    const xpath = 'item: "xpath://entry"\nselectors: {title: "xpath:title", link: "xpath:link/@href"}\n';
    expect(rowsOf(ATOM, 'application/atom+xml', xpath)).toEqual(rows);
  });

  it('leads to the pages of its rows', () => {
    const config = configOf(
      'item: item\nselectors: {title: title}\nfollow: {selector: link, selectors: {h: h1}}\n',
    );
    const page = loadPage(Buffer.from(RSS), 'text/xml', 'http://shop.test/feed');
    expect(extractRows(page, config).links).toEqual(['http://shop.test/1', 'http://shop.test/2']);
  });

  it('that ends early is read as far as possible, with a warning', () => {
    const page = loadPage(
      Buffer.from(RSS.slice(0, RSS.indexOf('</channel>'))),
      'text/xml',
      'http://shop.test/feed',
    );
    expect(page.note).toBe(
      'http://shop.test/feed is not well-formed XML (<channel> has no end) and was read as far as it can be',
    );
    expect(extractRows(page, configOf(FIELDS)).rows).toHaveLength(2);
  });
});

describe('XML', () => {
  it('has inner XML, escaped as it must be', () => {
    const xml = '<r><a b="1&quot;"><c/>é &amp; <d>x</d></a></r>';
    expect(rowsOf(xml, 'text/xml', 'selectors: {a: {selector: a, html: true}}\n')).toEqual([
      { a: '<c/>é &amp; <d>x</d>' },
    ]);
  });

  it('has elements that HTML would not show, or end, or lack', () => {
    const xml = '<goods><good><style>Casual</style><br>x</br><tr>1</tr></good></goods>';
    expect(rowsOf(xml, 'text/xml', 'selectors: {all: good, style: style, br: br, tr: tr}\n')).toEqual([
      { all: 'Casualx1', style: 'Casual', br: 'x', tr: '1' },
    ]);
  });

  it('distinguishes names by their case', () => {
    const xml = '<r><Price Currency="EUR">5</Price><price>6</price></r>';
    const yaml =
      'selectors: {a: Price, b: price, c: {selector: Price, attribute: Currency}, d: "[currency]"}\n';
    expect(rowsOf(xml, 'text/xml', yaml)).toEqual([{ a: '5', b: '6', c: 'EUR', d: null }]);
  });

  it('expands no entity that it declares, and reads no file', () => {
    const entities = Array.from({ length: 30 }, (_, n) => `<!ENTITY l${n + 1} "&l${n};&l${n};">`).join('');
    const xml = `<!DOCTYPE r [<!ENTITY l0 "lol">${entities}<!ENTITY f SYSTEM "file:///etc/passwd">]><r><a>&l30;&f;</a></r>`;
    expect(rowsOf(xml, 'text/xml', 'selectors: {a: a}\n')).toEqual([{ a: '&l30;&f;' }]);
  });

  it('without a declaration and a type is HTML', () => {
    expect(loadPage(Buffer.from('<a><b>x</b></a>'), undefined, 'http://shop.test/').isXml).toBe(false);
    expect(loadPage(Buffer.from(XHTML), 'text/html', 'http://shop.test/').isXml).toBe(false);
  });

  it.each([
    ['nests its elements too deep', `<r>${'<a>'.repeat(20_000)}`],
    ['would take about 174 MB of memory', `<r>${'<a/>'.repeat(1_050_000)}</r>`],
    ['too many attributes', `<r ${Array.from({ length: 30_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`],
  ])('that %s is refused', (message, xml) => {
    expect(() => loadPage(Buffer.from(xml), 'text/xml', 'http://shop.test/')).toThrow(message);
  });

  it.each(['iso-2022-jp', 'shift_jis', 'euc-jp'])('is decoded as its declaration says: %s', (encoding) => {
    const bytes = {
      'iso-2022-jp': '1b24422546253925481b2842',
      shift_jis: '836583588367',
      'euc-jp': 'a5c6a5b9a5c8',
    }[encoding];
    const body = Buffer.concat([
      Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><r><a>`),
      Buffer.from(bytes ?? '', 'hex'),
      Buffer.from('</a></r>'),
    ]);
    expect(loadPage(body, 'text/xml', 'http://shop.test/').$('a').text()).toBe('テスト');
  });
});

describe('XHTML', () => {
  it('may have elements that end at once, and is read by the selectors of HTML', () => {
    const yaml = 'selectors: {t: "LI.a", u: {selector: li, html: true}}\n';
    expect(rowsOf(XHTML, 'application/xhtml+xml', yaml)).toEqual([
      { t: 'Eins € zwei', u: 'Eins&nbsp;€<br>zwei<script>no</script>' },
      { t: 'Drei', u: 'Drei' },
    ]);
  });

  it('that is not well-formed is read as HTML, with a warning', () => {
    const page = loadPage(
      Buffer.from('<html><body><p>a<br>b</p></body></html>'),
      'application/xhtml+xml',
      'http://shop.test/',
    );
    expect(page.note).toBe('http://shop.test/ is not well-formed XML (<br> has no end) and was read as HTML');
    expect(extractRows(page, configOf('selectors: {t: p}\n')).rows).toEqual([{ t: 'a b' }]);
  });
});
