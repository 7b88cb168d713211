import { expect, it } from 'vitest';
import { loadPage } from '../../../src/scrape/extract/load-page.ts';
import { findFurtherPage } from '../../../src/scrape/pagination/overlooked-link.ts';

import { SeenPages } from '../../../src/scrape/pagination/pagination-context.ts';

const HERE = 'http://shop.test/list';

/** What leads on from a page, when these were fetched already. */
function further(html: string, { at = HERE, before }: { at?: string; before?: string } = {}) {
  const page = loadPage(Buffer.from(html), 'text/html', at);
  const seen = new SeenPages([at, ...(before === undefined ? [] : [before])]);
  return findFurtherPage(page, seen, before);
}

it.each([
  ['<a rel="next" href="/l2">2</a>', 'http://shop.test/l2'],
  ['<head><link rel="next" href="/l2"></head>', 'http://shop.test/l2'],
  ['<a href="/l2">Weiter ›</a>', 'http://shop.test/l2'],
  ['<a class="pager__next" href="/l2"><svg></svg></a>', 'http://shop.test/l2'],
  ['<a aria-label="Next page" href="/l2">2</a>', 'http://shop.test/l2'],
  ['<span class="btnNext"><a href="/l2">2</a></span>', 'http://shop.test/l2'],
  ['<button data-url="/l2">Next</button>', 'http://shop.test/l2'],
  ['<button class="load-more">Mehr</button>', 'Mehr'],
  ['<a href="/list?page=2">2</a>', 'http://shop.test/list?page=2'],
  ['<a href="/list/page/2/">2</a>', 'http://shop.test/list/page/2/'],
  ['<a href="?offset=20">2</a>', 'http://shop.test/list?offset=20'],
])('a way to a further page: %s', (html, found) => {
  expect(further(html)).toBe(found);
});

it.each([
  '<a href="/list">Next</a>',
  '<a href="#">Next</a>',
  '<a class="next disabled" href="/l2">Next</a>',
  '<button class="next" disabled>Next</button>',
  '<a rel="next" href="http://other.test/l2">Next</a>',
  '<div class="carousel"><a class="next" href="/offers">›</a></div>',
  '<a href="/thing/2">Thing 2</a><a href="/p/2">Thing</a><a href="/next-generation">Next generation</a>',
  '<a href="/list?p=123">A post</a>',
  '<a href="/list?cat=b&page=2">Others</a>',
  '<a href="/list?page=1">1</a><a href="/list?sort=price">by price</a>',
  '<a href="/help?page=2">Help</a>',
])('none: %s', (html) => {
  expect(further(html)).toBeUndefined();
});

it('links with numbers lead on when the number goes on as it did before', () => {
  const way = { at: 'http://shop.test/l/7?s=3', before: 'http://shop.test/l/6?s=3' };
  expect(further('<a href="/l/8?s=3">8</a>', way)).toBe('http://shop.test/l/8?s=3');
  expect(further('<a href="/l/20?s=3">last</a>', way)).toBe('http://shop.test/l/20?s=3');
  expect(
    further('<a href="/l/5?s=3">5</a><a href="/l/8?s=4">other</a><a href="/k/8?s=3">k</a>', way),
  ).toBeUndefined();
});
