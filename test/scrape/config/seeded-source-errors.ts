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
];
