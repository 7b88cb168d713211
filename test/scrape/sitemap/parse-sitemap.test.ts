import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { MAX_ENTRIES, parseSitemap, type SitemapEntry } from '../../../src/scrape/sitemap/parse-sitemap.ts';
import { decodeText } from '../../../src/scrape/sitemap/read-sitemap-file.ts';

async function parsed(...pieces: string[]) {
  const entries: SitemapEntry[] = [];
  const content = await parseSitemap(pieces, (entry) => entries.push(entry));
  expect(content.count).toBe(entries.length);
  return { kind: content.kind, more: content.more, entries };
}

const addresses = async (text: string) => (await parsed(text)).entries.map(({ address }) => address);
const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

describe('a sitemap', () => {
  it('has its addresses without the space around them, entities and CDATA read', async () => {
    const text = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>
      <!-- <url><loc>http://a.example/comment</loc></url> -->
      <urlset xmlns="${NAMESPACE}">
        <url><loc>\n  http://a.example/?a=1&amp;b=2&#x26;c=3\n </loc><lastmod> 2026-11-01 </lastmod></url>
        <url><priority>1</priority><loc><![CDATA[http://a.example/?d&e]]></loc></url>
      </urlset>`;
    expect(await parsed(text)).toEqual({
      kind: 'pages',
      more: false,
      entries: [
        { address: 'http://a.example/?a=1&b=2&c=3', lastmod: '2026-11-01' },
        { address: 'http://a.example/?d&e', lastmod: '' },
      ],
    });
  });

  it('may have a prefix of its own, and what extensions say is not its own', async () => {
    const text = `<s:urlset xmlns:s="${NAMESPACE}"><s:url><s:loc>http://a.example/1</s:loc>
      <image:image><image:loc>http://a.example/1.png</image:loc></image:image><loc>http://a.example/no</loc>
      <xhtml:link rel="alternate" href="http://a.example/de"/></s:url><s:url/></s:urlset>`;
    expect(await addresses(text)).toEqual(['http://a.example/1', '']);
  });

  it('is an index by its root element, and a text when it is not XML', async () => {
    const index = `<sitemapindex><sitemap><loc>http://a.example/1.xml</loc></sitemap><url><loc>no</loc></url></sitemapindex>`;
    expect(await parsed(index)).toMatchObject({
      kind: 'sitemaps',
      entries: [{ address: 'http://a.example/1.xml' }],
    });
    expect(await addresses('\uFEFFhttp://a.example/1\r\n\n  http://a.example/2 \n')).toEqual([
      'http://a.example/1',
      'http://a.example/2',
    ]);
  });

  it('is the same in any chunks', async () => {
    const [xml, text] = [
      '<urlset><url><loc>http://a.example/é</loc></url></urlset>',
      'http://a.example/1\r\nhttp://a.example/2',
    ];
    expect(await parsed(...xml)).toEqual(await parsed(xml));
    expect(await parsed(...text)).toEqual(await parsed(text));
  });

  it.each([
    ['UTF-8, whatever the declaration says', 'utf8', undefined],
    ['UTF-16 with its mark', 'utf16le', 'application/xml'],
    ['what the header says', 'latin1', 'text/xml; charset=iso-8859-1'],
  ] as const)('is read as %s', async (_name, encoding, type) => {
    const mark = encoding === 'latin1' ? '' : '\uFEFF';
    // The two bytes of an é lie on both sides of the end of a piece.
    const text =
      `${mark}<?xml version="1.0" encoding="iso-8859-1"?><urlset>`.padEnd(65_533 + mark.length) +
      'ééé</urlset>';
    const bytes = Buffer.from(text, encoding);
    const body = Readable.from([bytes.subarray(0, 65_536), bytes.subarray(65_536)]);
    const pieces: string[] = [];
    for await (const piece of decodeText(body, type)) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('').replace('\uFEFF', '')).toBe(text.replace('\uFEFF', ''));
  });

  it.each([
    [
      'RSS',
      `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>http://a.example/</link>
      <item><title>1</title><link>http://a.example/1</link><atom:link href="http://a.example/no"/>
      <pubDate>Thu, 26 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>`,
    ],
    [
      'Atom',
      `<feed xmlns="http://www.w3.org/2005/Atom"><link href="http://a.example/"/><entry><author><link href="/no"/>
      </author><link rel="edit" href="http://a.example/no"/><link rel="alternate" href=" http://a.example/1"/>
      <link href="http://a.example/no"/><updated>Thu, 26 Nov 2026 08:00:00 GMT</updated></entry></feed>`,
    ],
  ])('may be a feed: %s', async (_name, text) => {
    const entries = [{ address: 'http://a.example/1', lastmod: 'Thu, 26 Nov 2026 08:00:00 GMT' }];
    expect(await parsed(text)).toEqual({ kind: 'pages', more: false, entries });
  });

  it('may be empty', async () => {
    expect((await parsed('<urlset/>')).entries).toEqual([]);
    expect((await parsed('<urlset></urlset>')).entries).toEqual([]);
  });

  it('is read up to the protocol’s limit', async () => {
    const urls = (count: number) =>
      `<urlset>${'<url><loc>http://a.example/</loc></url>'.repeat(count)}</urlset>`;
    expect(await parsed(urls(MAX_ENTRIES))).toMatchObject({
      more: false,
      entries: { length: MAX_ENTRIES },
    });
    expect(await parsed(urls(MAX_ENTRIES + 1))).toMatchObject({
      more: true,
      entries: { length: MAX_ENTRIES },
    });
    expect(await parsed('http://a.example/\n'.repeat(MAX_ENTRIES + 1))).toMatchObject({ more: true });
  });
});

describe('a text that is not a sitemap', () => {
  it.each([
    ['a page', '<!doctype html><html><body></body></html>', 'begins with <html>'],
    ['a feed of long ago', '<rdf:RDF><channel/></rdf:RDF>', 'begins with <rdf:RDF>'],
    ['a text', 'Not found', 'neither XML nor a list'],
    ['nothing', ' \n', 'is empty'],
    ['a comment', '<!-- -->', 'contains no element'],
    ['one that nests without end', `<urlset>${'<a>'.repeat(1_000_000)}`, 'too deep'],
  ])('is refused: %s', async (_name, text, reason) => {
    await expect(parsed(text)).rejects.toThrow(reason);
  });

  it.each(['<', '<!--', '<url a="', '<![CDATA['])(
    'has something without an end, which is not kept: %s',
    async (begin) => {
      await expect(parsed('<urlset>', begin, 'a'.repeat(1_100_000))).rejects.toThrow('more than a million');
    },
  );

  it.each([
    '<urlset><url><loc>http://a.example/</loc></url>',
    '<urlset><url><loc>http://a.ex',
    '<urlset><url></url',
  ])('one that is cut off is reported: %s', async (text) => {
    await expect(parsed(text)).rejects.toThrow('is cut off after');
  });
});

it('entities of its own stay words: nothing grows, nothing is loaded', async () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );
  const text = `<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY l0 "ha">${laughs}
    <!ENTITY file SYSTEM "file:///etc/passwd">]>
    <urlset><url><loc>http://a.example/&l9;</loc></url><url><loc>&file;</loc></url></urlset>`;
  expect(await addresses(text)).toEqual(['http://a.example/&l9;', '&file;']);
});
