import { describe, expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { findXmlRows } from '../../../src/scrape/suggest/find-xml-rows.ts';

function rowsOf(xml: string) {
  return findXmlRows(loadPage(Buffer.from(`<?xml version="1.0"?>${xml}`), 'text/xml', 'http://a.example/'));
}

function times(of: (n: number) => string): string {
  return [1, 2, 3, 4].map(of).join('');
}

describe('the rows of XML', () => {
  it('are the entries of a feed, with their elements and attributes', () => {
    const rss = `<rss xmlns:dc="d"><channel><title>News</title>${times(
      (n) =>
        `<item><title>T${n}</title><link>/${n}</link><dc:creator>A${n}</dc:creator><pubDate>2026-03-0${n}</pubDate><enclosure url="/m${n}.mp3" type="audio/mpeg"/></item>`,
    )}</channel></rss>`;
    expect(rowsOf(rss)).toEqual([
      {
        item: 'item',
        rows: 4,
        fields: [
          { name: 'title', selector: 'title', attribute: null, sample: 'T1' },
          { name: 'link', selector: 'link', attribute: null, sample: '/1' },
          { name: 'creator', selector: 'dc|creator', attribute: null, sample: 'A1' },
          { name: 'pubDate', selector: 'pubDate', attribute: null, type: 'date', sample: '2026-03-01' },
          { name: 'enclosure', selector: 'enclosure', attribute: 'url', sample: '/m1.mp3' },
        ],
      },
    ]);
  });

  it('are the entries of Atom, with the link that leads to what they are about', () => {
    const entry = (n: number) =>
      `<entry><title>T${n}</title><link rel="edit" href="/e${n}"/><link href="/${n}"/><author><name>A${n}</name></author></entry>`;
    const [first] = rowsOf(
      `<feed xmlns="http://www.w3.org/2005/Atom"><author><name>X</name></author>${times(entry)}</feed>`,
    );
    expect(first?.item).toBe('entry');
    expect(first?.fields).toEqual([
      { name: 'title', selector: 'title', attribute: null, sample: 'T1' },
      { name: 'link', selector: 'link[rel=edit]', attribute: 'href', sample: '/e1' },
      { name: 'link_2', selector: 'link:not([rel]), link[rel=alternate]', attribute: 'href', sample: '/1' },
      { name: 'author', selector: ':scope > author > name', attribute: null, sample: 'A1' },
    ]);
  });

  it('are named by their parent too, if others have their name', () => {
    const book = (n: number) => `<book id="${n}"><title>T${n}</title><price>${n}.50</price></book>`;
    const [first] = rowsOf(
      `<a><books>${times(book)}</books><gone><book><title>Old</title></book></gone></a>`,
    );
    expect(first?.item).toBe('books > book');
    expect(first?.fields.map(({ name }) => name)).toEqual(['id', 'title', 'price']);
  });

  it('are one entry of a feed, and nothing of a text', () => {
    expect(rowsOf('<rss><channel><item><title>T</title></item></channel></rss>')).toMatchObject([
      { rows: 1 },
    ]);
    expect(rowsOf('<a><b><c>1</c></b></a>')).toEqual([]);
  });
});
