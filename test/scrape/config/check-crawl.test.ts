import { expect, it } from 'vitest';
import { examineConfig } from '../../../src/scrape/config/parse-config.ts';

const check = (more: string) =>
  examineConfig(`url: https://shop.example/\nselectors: {title: h1}\n${more}\n`, 'a.yaml').issues;

it('a crawl that is only switched on is told how to write it', () => {
  expect(check('crawl: true')).toMatchObject([
    { path: 'crawl', line: 3, severity: 'error', hint: expect.stringContaining('crawl: {}') },
  ]);
});

it.each(["'/guide/i'", "'/^guide/'", "'/\\.html$/'"])('the slashes around %s are named', (pattern) => {
  expect(check(`crawl: {match: [a, ${pattern}]}`)).toMatchObject([
    {
      path: 'crawl.match[1]',
      severity: 'warning',
      hint: expect.stringMatching(/without them: match: '(guide|\^guide|\\\.html\$)'/),
    },
  ]);
});

it('a part of a path between slashes is no mistake', () => {
  for (const pattern of ['/guide/', '/a/b/', '/p/\\d+/', '/guide/index'])
    expect(check(`crawl: {match: '${pattern}'}`)).toEqual([]);
});

it('a pattern that leaves out the start page is named', () => {
  expect(check('crawl: {not: shop}')).toMatchObject([
    { path: 'crawl.not', line: 3, severity: 'warning', message: expect.stringContaining('start page') },
  ]);
  expect(check('crawl: {not: [/login, shop]}')).toMatchObject([{ path: 'crawl.not[1]' }]);
  expect(check('crawl: {not: /login}')).toEqual([]);
});

it('a parameter in concurrency is refused at once, declared or not', () => {
  const refused = [{ path: 'concurrency', message: 'a parameter cannot be used in concurrency' }];
  expect(check('concurrency: $'.concat('{params.n}'))).toMatchObject(refused);
  expect(check('params: {n: {type: number}}\nconcurrency: $'.concat('{params.n}'))).toMatchObject(refused);
});
