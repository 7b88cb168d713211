import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isElement, queryCss, select } from '../../../src/scrape/extract/select.ts';
import { pageOf } from './fixtures.ts';

const tag = fc.constantFrom('p', 'div', 'ul', 'li', 'b', 'LI', '*');
const place = fc.constantFrom(
  ...[':first-child', ':last-child', ':only-child', ':nth-child(2)', ':nth-child(odd)', ':nth-last-child(1)'],
  ...[':first-of-type', ':last-of-type', ':only-of-type', ':nth-of-type(2n)', ':nth-last-of-type(2)'],
);
const mark = fc.constantFrom('.a', '.b', '#x', '[class]', '[class~="a"]', '[title^="t"]', '[data-n="2" i]');
const compound = fc
  .tuple(tag, fc.array(fc.oneof(place, mark), { maxLength: 2 }))
  .map(([name, rest]) => name + rest.join(''));
const complex = fc
  .tuple(compound, fc.array(fc.tuple(fc.constantFrom(' ', ' > ', ' + ', ' ~ '), compound), { maxLength: 3 }))
  .map(([first, rest]) => first + rest.flat().join(''));
const plainSelector = fc.array(complex, { minLength: 1, maxLength: 2 }).map((all) => all.join(', '));

const markup = fc.letrec<{ node: string }>((tie) => ({
  node: fc
    .tuple(
      fc.constantFrom('p', 'div', 'ul', 'li', 'b'),
      fc.constantFrom('', ' class="a"', ' class="b a"', ' id="x"', ' title="t"', ' data-n="2"'),
      fc.array(fc.oneof({ depthSize: 'small' }, fc.constant('text'), tie('node')), { maxLength: 4 }),
    )
    .map(([name, attributes, children]) => `<${name}${attributes}>${children.join('')}</${name}>`),
})).node;

function roots(html: string) {
  const page = pageOf(html);
  return { page, top: page.$._root.children.filter(isElement) };
}

describe('a selector that is compiled once', () => {
  it('finds what cheerio finds, in the same order, on one page after the other', () => {
    fc.assert(
      fc.property(fc.array(markup, { minLength: 1, maxLength: 3 }), plainSelector, (pages, selector) => {
        for (const html of pages) {
          const { page, top } = roots(html);
          const found = queryCss(top, selector);
          expect(found).toBeDefined();
          expect(found).toEqual(page.$.root().find(selector).toArray());
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ...['li:first', 'li:eq(1)', 'li:contains(two)', 'li:has(b)', ':scope > body', '> html', '+ li'],
    ...['title, > body', 'li,\n+ li', 'li, /* all */ ~ ul', '/* all */ > body'],
    ...['li:not(.a)', 'li:is(.a, .b)', 'a[href="http://x"]', 'li:even', 'ul :nth-child(2):last'],
  ])('leaves %s to cheerio', (selector) => {
    const { page, top } = roots('<ul><li class="a">one</li><li>two <b>b</b></li></ul>');
    expect(queryCss(top, selector)).toBeUndefined();
    expect(select(page, selector)).toEqual(page.$.root().find(selector).toArray());
  });
});
