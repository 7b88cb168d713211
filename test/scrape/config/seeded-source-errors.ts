import type { Seeded } from './seeded-errors.ts';

const OK = 'url: "https://e.com"\nselectors:\n  title: "h1"\n';

/** The same as seeded-errors.ts, of where pages come from. */
export const SOURCES: Seeded[] = [
  [
    'a sitemap beside url',
    `${OK}sitemap: "https://e.com/sitemap.xml"\n`,
    '4:1 sitemap',
    'url and sitemap are both given',
  ],
  [
    'a sitemap with numbered pages',
    'sitemap: "https://e.com/sitemap.xml"\nselectors: {a: b}\npagination: {type: page_number, url_template: "https://e.com/{page}"}\n',
    '3:20 pagination.type',
    'not the pages of the sitemap',
  ],
  [
    'a list as sitemap',
    'sitemap: [a]\nselectors: {a: b}\n',
    '1:10 sitemap',
    'expected the address of a sitemap',
  ],
  ['a path as sitemap', 'sitemap: /sitemap.xml\nselectors: {a: b}\n', '1:10 sitemap', 'not a web address'],
  [
    'a pattern that cannot be read',
    'sitemap: {url: "https://e.com/s.xml", include: ["(a"]}\nselectors: {a: b}\n',
    '1:49 sitemap.include[0]',
    'the regex cannot be read',
  ],
  [
    'another tool’s key',
    'sitemap: {url: "https://e.com/s.xml", globs: [a]}\nselectors: {a: b}\n',
    '1:39 sitemap.globs',
    'Did you mean "include"?',
  ],
  [
    'a crawl beside a pagination',
    `${OK}crawl: {}\npagination: {type: next_button, selector: a}\n`,
    '5:1 pagination',
    'Remove pagination: a crawl follows all links',
  ],
  [
    'a crawl of a page that grows',
    `${OK}crawl: {}\npagination: {type: load_more, selector: a}\n`,
    '5:20 pagination.type',
    'a crawl follows links, and load_more has none',
  ],
  [
    'a crawl beside numbered pages',
    `${OK}crawl: {}\npagination: {type: page_number, url_template: "https://e.com/{page}"}\n`,
    '5:1 pagination',
    'crawl and pagination are both given',
  ],
  [
    'a crawl beside a request',
    `${OK}crawl: {}\nrequest: {method: POST, form: {a: b}}\n`,
    '5:1 request',
    'links are always plain GET requests',
  ],
  ['a crawl without a start', 'crawl: {}\nselectors: {a: b}\n', '1:1 url', 'Add the page to start from'],
  ['a crawl that is a pattern', `${OK}crawl: "/product/"\n`, '4:8 crawl', 'expected a map of keys'],
  [
    'a map of patterns',
    `${OK}crawl: {match: {a: b}}\n`,
    '4:16 crawl.match',
    'a pattern, or a list of patterns',
  ],
  ['a pattern that looks ahead', `${OK}crawl: {not: "(?!a)"}\n`, '4:14 crawl.not', 'cannot look ahead'],
  ['a depth below zero', `${OK}crawl: {depth: -1}\n`, '4:16 crawl.depth', 'must be at least 0'],
  ['the name of Scrapy', `${OK}crawl: {deny: a}\n`, '4:9 crawl.deny', 'Did you mean "not"?'],
  ['a key outside its section', `${OK}patience: 5\n`, '4:1 patience', 'It belongs under "crawl".'],
];
