import { expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { findJavascriptReason } from '../../../src/scrape/source/auto-source.ts';

const config = { item: 'div.product', selectors: {} };
const reasonFor = (html: string) =>
  findJavascriptReason(loadPage(Buffer.from(html), undefined, 'http://a.test/'), config);
const TEXT = '<p>Words that somebody can read. </p>'.repeat(20);

it.each([
  [
    'an empty place for an application',
    `<div id="root"></div>${TEXT}<script src="a.js"></script>`,
    /empty element/,
  ],
  [
    'a word about JavaScript',
    `${TEXT}<noscript>Please enable JavaScript.</noscript><script src="a.js"></script>`,
    /JavaScript/,
  ],
  [
    'rows that stand in a script',
    `${TEXT}<script>add('<div class="product">')</script>`,
    /"product" occurs in its scripts/,
  ],
  ['a script that loads data', `${TEXT}<script>fetch('/list.json')</script>`, /load something/],
  ['scripts and no text', '<p>Loading</p><script src="a.js"></script>', /hardly any text/],
])('%s speaks for a browser', (_name, html, reason) => {
  expect(reasonFor(html)).toMatch(reason);
});

it.each([
  ['has no scripts', '<p>Nothing found</p>'],
  [
    'has data but no programs',
    '<p>Nothing found</p><script type="application/ld+json">{"@type": "product"}</script>',
  ],
  [
    'has other markup than was expected, and a script for something else',
    `${TEXT}<script src="menu.js"></script>`,
  ],
])('nothing speaks for one where a page %s', (_name, html) => {
  expect(reasonFor(html)).toBeUndefined();
});
