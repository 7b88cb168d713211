import { describe, expect, it } from 'vitest';
import { MOST_ENTRIES, parseSitemap, type SitemapEntry } from '../../../src/scrape/sitemap/parse-sitemap.ts';
import { textPieces } from '../../../src/scrape/sitemap/text-pieces.ts';

function parsed(...pieces: string[]) {
  const entries: SitemapEntry[] = [];
  const content = parseSitemap(pieces, (entry) => entries.push(entry));
  expect(content.count).toBe(entries.length);
  return { kind: content.kind, more: content.more, entries };
}

const addresses = (text: string) => parsed(text).entries.map(({ address }) => address);
const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

describe('a sitemap', () => {
  it('has its addresses without the space around them, entities and CDATA read', () => {
    const text = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>
      <!-- <url><loc>http://a.example/comment</loc></url> -->
      <urlset xmlns="${NAMESPACE}">
        <url><loc>\n  http://a.example/?a=1&amp;b=2&#x26;c=3\n </loc><lastmod> 2026-11-01 </lastmod></url>
        <url><priority>1</priority><loc><![CDATA[http://a.example/?d&e]]></loc></url>
      </urlset>`;
    expect(parsed(text)).toEqual({
      kind: 'pages',
      more: false,
      entries: [
        { address: 'http://a.example/?a=1&b=2&c=3', lastmod: '2026-11-01' },
        { address: 'http://a.example/?d&e', lastmod: '' },
      ],
    });
  });

  it('may have a prefix of its own, and what extensions say is not its own', () => {
    const text = `<s:urlset xmlns:s="${NAMESPACE}"><s:url><s:loc>http://a.example/1</s:loc>
      <image:image><image:loc>http://a.example/1.png</image:loc></image:image><loc>http://a.example/no</loc>
      <xhtml:link rel="alternate" href="http://a.example/de"/></s:url><s:url/></s:urlset>`;
    expect(addresses(text)).toEqual(['http://a.example/1', '']);
  });

  it('is an index when it says so, and a text when it is no XML', () => {
    const index = `<sitemapindex><sitemap><loc>http://a.example/1.xml</loc></sitemap><url><loc>no</loc></url></sitemapindex>`;
    expect(parsed(index)).toMatchObject({
      kind: 'sitemaps',
      entries: [{ address: 'http://a.example/1.xml' }],
    });
    expect(addresses('\uFEFFhttp://a.example/1\r\n\n  http://a.example/2 \n')).toEqual([
      'http://a.example/1',
      'http://a.example/2',
    ]);
  });

  it('is the same in whatever pieces it comes', () => {
    const [xml, text] = [
      '<urlset><url><loc>http://a.example/é</loc></url></urlset>',
      'http://a.example/1\r\nhttp://a.example/2',
    ];
    expect(parsed(...xml)).toEqual(parsed(xml));
    expect(parsed(...text)).toEqual(parsed(text));
  });

  it.each([
    ['UTF-8, whatever the declaration says', 'utf8', undefined],
    ['UTF-16 with its mark', 'utf16le', 'application/xml'],
    ['what the header says', 'latin1', 'text/xml; charset=iso-8859-1'],
  ] as const)('is read as %s', (_name, encoding, type) => {
    const mark = encoding === 'latin1' ? '' : '\uFEFF';
    // The two bytes of an é lie on both sides of the end of a piece.
    const text =
      `${mark}<?xml version="1.0" encoding="iso-8859-1"?><urlset>`.padEnd(65_533 + mark.length) +
      'ééé</urlset>';
    const pieces = [...textPieces(Buffer.from(text, encoding), type)];
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('').replace('\uFEFF', '')).toBe(text.replace('\uFEFF', ''));
  });

  it('may be empty', () => {
    expect(parsed('<urlset/>').entries).toEqual([]);
    expect(parsed('<urlset></urlset>').entries).toEqual([]);
  });

  it('is read up to the protocol’s limit', () => {
    const urls = (count: number) =>
      `<urlset>${'<url><loc>http://a.example/</loc></url>'.repeat(count)}</urlset>`;
    expect(parsed(urls(MOST_ENTRIES))).toMatchObject({
      more: false,
      entries: { length: MOST_ENTRIES },
    });
    expect(parsed(urls(MOST_ENTRIES + 1))).toMatchObject({
      more: true,
      entries: { length: MOST_ENTRIES },
    });
    expect(parsed('http://a.example/\n'.repeat(MOST_ENTRIES + 1))).toMatchObject({ more: true });
  });
});

describe('what is no sitemap', () => {
  it.each([
    ['a page', '<!doctype html><html><body></body></html>', 'begins with <html>'],
    ['a feed', '<rss><channel/></rss>', 'begins with <rss>'],
    ['a text', 'Not found', 'neither XML nor a list'],
    ['nothing', ' \n', 'is empty'],
    ['a comment', '<!-- -->', 'holds no element'],
    ['one that nests without end', `<urlset>${'<a>'.repeat(1_000_000)}`, 'too deep'],
  ])('is refused: %s', (_name, text, reason) => {
    expect(() => parsed(text)).toThrow(reason);
  });

  it.each([
    '<urlset><url><loc>http://a.example/</loc></url>',
    '<urlset><url><loc>http://a.ex',
    '<urlset><url></url',
  ])('one that is cut off says so: %s', (text) => {
    expect(() => parsed(text)).toThrow('is cut off after');
  });
});

it('entities of its own stay words: nothing grows, nothing is loaded', () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );
  const text = `<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY l0 "ha">${laughs}
    <!ENTITY file SYSTEM "file:///etc/passwd">]>
    <urlset><url><loc>http://a.example/&l9;</loc></url><url><loc>&file;</loc></url></urlset>`;
  expect(addresses(text)).toEqual(['http://a.example/&l9;', '&file;']);
});
