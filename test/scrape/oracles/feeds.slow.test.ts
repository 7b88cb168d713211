import { join } from 'node:path';
import { describe, it } from 'vitest';
import { type Collection, compare, FOLDER, filesOf, plainRow, type Row, rowsOf, URL } from './compare.ts';
import { runOracle } from './run-oracle.ts';

const ROME = join(FOLDER, 'rome');
/** Feeds that were taken from sites, and kept by those who write readers of feeds. */
const FEEDS: Collection[] = [
  {
    name: 'feeds of sites, Miniflux',
    folder: join(FOLDER, 'miniflux/internal/reader/parser/testdata'),
    files: /\.xml$/,
    atLeast: 100,
  },
  {
    name: 'feeds of sites, rss-parser',
    folder: join(FOLDER, 'rss-parser/test/input'),
    files: /\.(?:rss|atom)$/,
    atLeast: 150,
  },
  {
    name: 'feeds of sites, ROME',
    folder: join(ROME, 'rome/src/test'),
    files: /\.xml$/,
    atLeast: 100,
  },
  {
    name: 'feeds of sites with modules, ROME',
    folder: join(ROME, 'rome-modules/src/test/resources'),
    files: /\.(?:xml|rss)$/,
    atLeast: 100,
  },
];

const ITEM = '//*[name()="item" or name()="entry"]';
const FIELDS = {
  title: '*[name()="title"]',
  link: '*[name()="link" and not(@href)]',
  href: '*[name()="link"]/@href',
  published: '*[name()="pubDate" or name()="published" or name()="issued"]',
  date: '*[name()="dc:date"]',
  author: '*[name()="dc:creator"]',
  name: '*[name()="author"]/*[name()="name"]',
  id: '*[name()="guid" or name()="id"]',
  text: '*[name()="description" or name()="summary" or name()="content"]',
  encoded: '*[name()="content:encoded"]',
  media: '*[name()="media:thumbnail"]/@url',
  enclosure: '*[name()="enclosure"]/@length',
};
const OWN = {
  title: '":scope > title"',
  link: '":scope > link:not([href])"',
  href: '{selector: ":scope > link[href]", attribute: href}',
  published: '":scope > pubDate, :scope > published, :scope > issued"',
  date: '":scope > dc|date"',
  author: '":scope > dc|creator"',
  name: '":scope > author > name"',
  id: '":scope > guid, :scope > id"',
  text: '":scope > description, :scope > summary, :scope > content"',
  encoded: '":scope > content|encoded"',
  media: '{selector: ":scope > media|thumbnail", attribute: url}',
  enclosure: '{selector: ":scope > enclosure", attribute: length}',
};

describe('rows of feeds of sites are those of lxml', () => {
  it.for(FEEDS)('$name', (collection, { skip }) => {
    const files = filesOf(collection, skip);
    const lines = [
      'item: "item, entry"',
      'selectors:',
      ...Object.entries(OWN).map(([name, selector]) => `  ${name}: ${selector}`),
    ].join('\n');
    const theirs = runOracle<Row>({ kind: 'xml', url: URL, item: ITEM, fields: FIELDS }, files);
    compare<Row[]>(collection, files, theirs, (file, rows) => [
      rowsOf(file, 'application/xml', lines).map(plainRow),
      // A documented difference: a row without any value is none.
      rows.map(plainRow).filter((row) => Object.values(row).some((value) => value !== null)),
    ]);
  });
});
