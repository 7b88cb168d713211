import { describe, expect, it } from 'vitest';
import {
  type CacheRequest,
  cacheKey,
  conditionalHeaders,
  hasVaryCookie,
  isCacheable,
  isSameVersion,
} from '../../../../src/scrape/http/cache/page-cache.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const OLD = 'Wed, 25 Nov 2026 12:00:00 GMT';
const REQUEST: CacheRequest = {
  url: new URL('http://shop.test/books?page=2'),
  headers: { accept: '*/*' },
  cookie: '',
};

const answer = (headers: Record<string, string | string[]>, status = 200) => ({
  status,
  headers,
  body: Buffer.from('page'),
  bytes: 4,
});
const kept = (headers: Record<string, string | string[]>, request = REQUEST, status = 200) =>
  isCacheable(request, answer(headers, status), NOW);

describe('an answer is kept', () => {
  it.each([
    ['a strong tag', { etag: '"a"' }],
    ['a weak tag', { etag: 'W/"a"' }],
    ['a date of the day before', { 'last-modified': OLD }],
    ['a tag, however new it is', { etag: '"a"', 'last-modified': new Date(NOW).toUTCString() }],
    ['a tag and no-cache', { etag: '"a"', 'cache-control': 'private, no-cache, max-age=0' }],
    ['a tag and no-store within quotes', { etag: '"a"', 'cache-control': 'ext="a, no-store"' }],
    ['a tag, for these languages', { etag: '"a"', vary: 'Accept-Language, Cookie' }],
  ])('with %s', (_, headers) => {
    expect(kept(headers)).toBe(true);
  });

  it.each([
    ['nothing to ask by', {}],
    ['what is no tag', { etag: 'a' }],
    ['two tags', { etag: ['"a"', '"b"'] }],
    ['what is no date', { 'last-modified': 'yesterday' }],
    ['a date of the same second', { 'last-modified': OLD, date: OLD }],
    ['no-store', { etag: '"a"', 'cache-control': 'public, No-Store' }],
    ['a page that is other for all', { etag: '"a"', vary: 'Cookie, *' }],
  ])('not with %s', (_, headers) => {
    expect(kept(headers)).toBe(false);
  });

  it('not with another status, nor for a request that has conditions of its own or wants nothing kept', () => {
    for (const status of [203, 206, 301, 404]) expect(kept({ etag: '"a"' }, REQUEST, status)).toBe(false);
    for (const headers of [
      { 'if-none-match': '"b"' },
      { range: 'bytes=0-9' },
      { 'cache-control': 'no-store' },
    ])
      expect(kept({ etag: '"a"' }, { ...REQUEST, headers })).toBe(false);
  });
});

it('is kept under another name for another address, headers or identifying cookies', () => {
  const names = (byCookies: boolean) =>
    [
      REQUEST,
      { ...REQUEST, url: new URL('http://shop.test/books?page=3') },
      { ...REQUEST, url: new URL('https://shop.test/books?page=2') },
      { ...REQUEST, headers: { accept: '*/*', authorization: 'Basic eA==' } },
      { ...REQUEST, headers: { accept: 'text/html' } },
      { ...REQUEST, cookie: 'sid=1' },
    ].map((request) => cacheKey(request, byCookies));
  expect(new Set(names(true)).size).toBe(6);
  expect(new Set(names(false)).size).toBe(5);
  const again = { ...REQUEST, url: new URL('http://ann@shop.test/books?page=2#top') };
  expect(cacheKey(again, true)).toBe(cacheKey(REQUEST, true));
});

it('is asked after by all that it was given', () => {
  expect(conditionalHeaders({ etag: 'W/"a"', 'last-modified': OLD })).toEqual({
    'if-none-match': 'W/"a"',
    'if-modified-since': OLD,
  });
  expect(conditionalHeaders({ etag: 'a', 'last-modified': OLD })).toEqual({ 'if-modified-since': OLD });
  expect([hasVaryCookie({ vary: 'accept, COOKIE' }), hasVaryCookie({})]).toEqual([true, false]);
});

it.each([
  ['the same tag', { etag: '"a"' }, { etag: '"a"' }, true],
  ['the tag as a weak one', { etag: '"a"' }, { etag: 'W/"a"' }, true],
  ['another tag', { etag: '"a"', 'last-modified': OLD }, { etag: '"b"', 'last-modified': OLD }, false],
  ['nothing', { etag: '"a"' }, {}, true],
  ['the same date', { 'last-modified': OLD }, { 'last-modified': OLD }, true],
  ['another date', { 'last-modified': OLD }, { 'last-modified': new Date(NOW).toUTCString() }, false],
])('a 304 that names %s', (_, mine, told, is) => {
  expect(isSameVersion(mine, told)).toBe(is);
});
