import { join } from 'node:path';
import { describe, it } from 'vitest';
import { type Collection, compare, FOLDER, filesOf, plainRow, type Row, rowsOf, URL } from './compare.ts';
import { runOracle } from './run-oracle.ts';

interface DataCollection extends Collection {
  item: string;
  fields: Record<string, string>;
}

const JSON_FILES: DataCollection[] = [
  {
    name: 'subdivisions of countries, iso-codes',
    folder: '/usr/share/iso-codes/json/iso_3166-2.json',
    files: /json/,
    item: '$["3166-2"][*]',
    fields: { code: '$.code', name: '$.name', parent: '$.parent' },
    atLeast: 4_000,
  },
  {
    name: 'languages of one letter pair, iso-codes',
    folder: '/usr/share/iso-codes/json/iso_639-3.json',
    files: /json/,
    item: '$["639-3"][?@.alpha_2]',
    fields: {
      alpha_2: '$.alpha_2',
      alpha_3: '$.alpha_3',
      scope: '$.scope',
      name: '$.name',
      other: '$.inverted_name',
    },
    atLeast: 180,
  },
  {
    name: 'countries, world-countries',
    folder: join(FOLDER, 'world-countries/countries.json'),
    files: /json/,
    item: '$[*]',
    fields: {
      name: '$.name.official',
      own: '$.name.native.*.common',
      capital: '$.capital[0]',
      currency: '$.currencies.*.name',
      latitude: '$.latlng[0]',
      border: '$.borders[-1]',
      french: '$.translations.fra.common',
    },
    atLeast: 240,
  },
];

describe('rows of JSON are those of jsonpath-ng', () => {
  it.for(JSON_FILES)('$name', (collection, { skip }) => {
    const files = filesOf(collection, skip);
    const { item, fields } = collection;
    // jsonpath-ng is older than RFC 9535.
    const theirItem = item.replace('[?@.alpha_2]', '[?(@.alpha_2)]');
    const lines = [
      `item: ${JSON.stringify(`json:${item}`)}`,
      'selectors:',
      ...Object.entries(fields).map(([name, path]) => `  ${name}: ${JSON.stringify(`json:${path}`)}`),
    ].join('\n');
    const theirs = runOracle<Row>({ kind: 'json', url: URL, item: theirItem, fields }, files);
    compare<Row[]>(collection, files, theirs, (file, rows) => [
      rowsOf(file, 'application/json', lines).map(plainRow),
      rows.map(plainRow),
    ]);
  });
});

interface XmlCollection extends DataCollection {
  /** The same in our selectors. */
  own: { item: string; fields: Record<string, string> };
}

const XML: XmlCollection[] = [
  {
    name: 'types of files, shared-mime-info',
    folder: '/usr/share/mime/packages/freedesktop.org.xml',
    files: /xml/,
    item: '//*[local-name()="mime-type"]',
    fields: {
      type: '@type',
      comment: '*[local-name()="comment" and not(@xml:lang)]',
      glob: '*[local-name()="glob"]/@pattern',
    },
    own: {
      item: 'mime-type',
      fields: {
        type: '{selector: ":scope", attribute: type}',
        comment: "'comment:not([xml\\:lang])'",
        glob: '{selector: glob, attribute: pattern}',
      },
    },
    atLeast: 800,
  },
  {
    name: 'layouts of keyboards, xkb-data',
    folder: '/usr/share/X11/xkb/rules/base.xml',
    files: /xml/,
    item: '//layout',
    fields: {
      name: 'configItem/name',
      language: 'configItem/shortDescription',
      description: 'configItem/description',
      country: '(configItem/countryList/iso3166Id)[last()]',
      variant: 'variantList/variant/configItem/name',
    },
    own: {
      item: 'layout',
      fields: {
        name: '":scope > configItem > name"',
        language: '":scope > configItem > shortDescription"',
        description: '":scope > configItem > description"',
        country: '"xpath:(configItem/countryList/iso3166Id)[last()]"',
        variant: '"variant > configItem > name"',
      },
    },
    atLeast: 90,
  },
  {
    name: 'feeds of the tests of feedparser',
    folder: join(FOLDER, 'feedparser/test/feeds'),
    files: /^(?!iconv|compressed|invalid|notafeed|unknown-namespace).*\.(?:xml|atom)$/,
    // Documented: a name with a prefix is another name.
    item: '//*[name()="item" or name()="entry"]',
    fields: {
      title: '*[name()="title"]',
      link: '*[name()="link" and not(@href)]',
      href: '*[name()="link"]/@href',
      published: '*[name()="pubDate" or name()="published"]',
      author: '*[name()="dc:creator"]',
      id: '*[name()="guid" or name()="id"]',
    },
    own: {
      item: '"item, entry"',
      fields: {
        title: '":scope > title"',
        link: '":scope > link:not([href])"',
        href: '{selector: ":scope > link[href]", attribute: href}',
        published: '":scope > pubDate, :scope > published"',
        author: '":scope > dc|creator"',
        id: '":scope > guid, :scope > id"',
      },
    },
    atLeast: 20,
  },
];

describe('rows of XML are those of lxml', () => {
  it.for(XML)('$name', (collection, { skip }) => {
    const files = filesOf(collection, skip);
    const { item, fields, own } = collection;
    const lines = [
      `item: ${own.item}`,
      'selectors:',
      ...Object.entries(own.fields).map(([name, selector]) => `  ${name}: ${selector}`),
    ].join('\n');
    compare<Row[]>(
      collection,
      files,
      runOracle<Row>({ kind: 'xml', url: URL, item, fields }, files),
      (file, rows) => [rowsOf(file, 'application/xml', lines).map(plainRow), rows.map(plainRow)],
    );
  });
});
