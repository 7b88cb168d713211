import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressShape,
  hasRepeatedPath,
  isFileAddress,
  isPageType,
} from '../../../src/scrape/crawl/address-shape.ts';
import { canonicalUrl } from '../../../src/scrape/crawl/canonical-url.ts';

const canonical = (url: string) => canonicalUrl(new URL(url));
const shape = (url: string) => addressShape(canonical(url));

describe('addresses of one page are equal', () => {
  it.each([
    ['with a fragment', 'https://shop.example/a#part', 'https://shop.example/a'],
    ['with the default port', 'https://shop.example:443/a', 'https://shop.example/a'],
    ['with http, https and www.', 'http://www.Shop.example/a', 'https://shop.example/a'],
    ['with a host that ends with a dot', 'https://shop.example./a', 'https://shop.example/a'],
    ['without a path', 'https://shop.example', 'https://shop.example/'],
    ['with an empty query', 'https://shop.example/a?', 'https://shop.example/a'],
    ['with parameters in another order', 'https://shop.example/a?b=1&a=2', 'https://shop.example/a?a=2&b=1'],
    [
      'with other encodings',
      'https://shop.example/%7eann/%c3%a9?q=%41+b',
      'https://shop.example/~ann/é?q=A%20b',
    ],
    [
      'that follow visitors',
      'https://shop.example/a?utm_source=x&id=1&fbclid=y&gclid=z',
      'https://shop.example/a?id=1',
    ],
    ['with a session of PHP', 'https://shop.example/a?PHPSESSID=abc', 'https://shop.example/a'],
    [
      'with a session in the path',
      'https://shop.example/a;jsessionid=1A2B?x=1',
      'https://shop.example/a?x=1',
    ],
    [
      'with a session of ASP.NET',
      'https://shop.example/(S(lit3py55t21z5v55vlm25s55))/a',
      'https://shop.example/a',
    ],
    ['with a random sid', 'https://shop.example/a?sid=9f8e7d6c5b4a39281706abcd', 'https://shop.example/a'],
  ])('%s', (_name, one, other) => {
    expect(canonical(one)).toBe(canonical(other));
  });
});

describe('addresses of different pages stay different', () => {
  it.each([
    [
      'by a story that is named sid',
      'https://news.example/story?sid=123',
      'https://news.example/story?sid=124',
    ],
    ['by upper case in the path', 'https://shop.example/A', 'https://shop.example/a'],
    ['by a slash at the end', 'https://shop.example/a/', 'https://shop.example/a'],
    ['by another port', 'https://shop.example:8443/a', 'https://shop.example/a'],
    ['by an encoded slash', 'https://shop.example/a%2Fb', 'https://shop.example/a/b'],
    [
      'by values of one name in another order',
      'https://shop.example/?f=1&f=2',
      'https://shop.example/?f=2&f=1',
    ],
    ['by a host that is called www', 'https://www.example/a', 'https://example/a'],
  ])('%s', (_name, one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });
});

const urls = fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['http', 'https'] });

it('is the same for an address and for its canonical form, whatever the address', () => {
  fc.assert(
    fc.property(urls, (url) => {
      const once = canonical(url);
      expect(canonical(`https://${once}`)).toBe(once);
    }),
  );
});

it('does not depend on the order of different parameters, on the fragment or on what follows visitors', () => {
  const name = fc.stringMatching(/^[a-z]{1,6}$/);
  const query = fc.uniqueArray(fc.tuple(name, fc.webSegment()), { selector: ([key]) => key, maxLength: 6 });
  fc.assert(
    fc.property(query, fc.webSegment(), (pairs, fragment) => {
      const write = (list: readonly (readonly [string, string])[]) =>
        list.map(([key, value]) => `${key}=${value}`).join('&');
      const one = canonical(`https://shop.example/p?${write(pairs)}`);
      const other = canonical(`http://shop.example/p?utm_medium=x&${write(pairs.toReversed())}#${fragment}`);
      expect(other).toBe(one);
    }),
  );
});

describe('the shape of addresses', () => {
  it.each([
    ['https://shop.example/cal/2031/04', 'https://www.shop.example/cal/1999/12'],
    ['https://shop.example/p?id=1&page=2', 'https://shop.example/p?page=77&id=4'],
    ['https://shop.example/p/lamp-17', 'https://shop.example/p/lamp-9'],
    [
      'https://shop.example/i/3f2a9c1d4e5b6a70',
      'https://shop.example/i/00000000-aaaa-bbbb-cccc-1234567890ab',
    ],
  ])('is equal for %s and %s', (one, other) => {
    expect(shape(one)).toBe(shape(other));
  });

  it.each([
    ['https://shop.example/cal/2031/04', 'https://shop.example/cal/2031/04/01'],
    ['https://shop.example/p?id=1', 'https://shop.example/p?page=1'],
    ['https://shop.example/p/lamp', 'https://shop.example/p/chair'],
  ])('differs for %s and %s', (one, other) => {
    expect(shape(one)).not.toBe(shape(other));
  });

  it('does not depend on numbers', () => {
    fc.assert(
      fc.property(urls, fc.nat(), (url, number) => {
        const { pathname, search } = new URL(url);
        const address = `shop.example${pathname}${search}`.replaceAll(/\d+/g, '7');
        const other = address.replaceAll('7', String(number));
        // A segment of as many hexadecimal digits is a random one.
        fc.pre(!/[\da-f-]{16}/i.test(other));
        expect(addressShape(other)).toBe(addressShape(address));
      }),
    );
  });
});

it.each([
  ['/a/b/a/b/a/b', true],
  ['/x/about/about/about', true],
  ['/a/b/c/a/b/c/a/b/c/d', true],
  ['/a/b/a/b', false],
  ['/2031/11/11/11', false],
  ['/a/a', false],
  ['/', false],
])('whether the path %s goes in circles: %s', (path, expected) => {
  expect(hasRepeatedPath(new URL(path, 'https://shop.example'))).toBe(expected);
});

it('finds three of any parts in a row, wherever they are', () => {
  const part = fc.stringMatching(/^[a-z]{1,4}$/);
  const parts = fc.array(part, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 5 }),
      parts,
      fc.array(part, { maxLength: 5 }),
      (before, cycle, after) => {
        const path = [...before, ...cycle, ...cycle, ...cycle, ...after].join('/');
        expect(hasRepeatedPath(new URL(`https://shop.example/${path}`))).toBe(true);
      },
    ),
  );
});

it.each([
  ['/photo.JPG', true],
  ['/price.list.pdf?download=1', true],
  ['/archive.tar.gz', true],
  ['/page.html', false],
  ['/v1.2', false],
  ['/shop.php', false],
  ['/get?file=a.pdf', false],
])('whether %s is a file: %s', (path, expected) => {
  expect(isFileAddress(new URL(path, 'https://shop.example'))).toBe(expected);
});

it.each([
  ['', true],
  ['text/html', true],
  ['application/xhtml+xml', true],
  ['text/plain', true],
  ['application/json', true],
  ['application/pdf', false],
  ['image/svg+xml', false],
  ['text/css', false],
  ['application/zip', false],
])('whether the content type "%s" is that of a page: %s', (type, expected) => {
  expect(isPageType(type)).toBe(expected);
});
