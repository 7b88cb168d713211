import { expect, it } from 'vitest';
import { addedAccess } from '../../../src/core/configs/config-access.ts';
import { checkConfig, examineConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';

const configOf = (url: string, more: string) => `url: "${url}"\nselectors: { t: b }\n${more}`;
const issues = (more: string) =>
  checkConfig(configOf('https://e.com', more), 'a.yaml', {}).map(
    ({ severity, path, message }) => `${severity} ${path}: ${message}`,
  );

it('is a whole number from 1 to 32, and absent for one request at a time', () => {
  const concurrency = (more: string) =>
    parseConfig(configOf('https://e.com', more), 'a.yaml').config.concurrency;
  expect([concurrency(''), concurrency('concurrency: 1\n'), concurrency('concurrency: 32\n')]).toEqual([
    undefined,
    undefined,
    32,
  ]);
  for (const wrong of ['0', '33', '1.5', '"8"', 'fast'])
    expect(issues(`concurrency: ${wrong}\n`), wrong).toEqual([expect.stringMatching(/^error concurrency: /)]);
});

it('has no effect in a browser, of which a warning tells', () => {
  expect(issues('concurrency: 8\nbackend: browser\n')).toEqual([
    'warning concurrency: a browser shows one page after the other, so concurrency has no effect',
  ]);
});

it('is not for a parameter to set', () => {
  expect(issues('params: { n: { type: integer, default: 2 } }\nconcurrency: ${params.n}\n')).toEqual([
    expect.stringMatching(/^error concurrency: /),
  ]);
});

it('counts as access to hosts of the internet, not to private ones', () => {
  const access = (url: string, more = 'concurrency: 8\n') => {
    const { facts } = examineConfig(configOf(url, more), 'a.yaml', {});
    if (facts === null) throw new Error('no facts');
    return facts;
  };
  expect(access('https://e.com').concurrency).toBe(8);
  expect(access('https://e.com', '').concurrency).toBeNull();
  expect(access('https://e.com', 'concurrency: 1\n').concurrency).toBeNull();
  expect(access('http://127.0.0.1:8080').concurrency).toBeNull();
  expect(access('http://192.168.1.2').concurrency).toBeNull();
  const both = 'sitemap: { url: "http://127.0.0.1/s.xml" }\nconcurrency: 8\n';
  expect(access('https://e.com', both).concurrency).toBe(8);
  const [now, more, elsewhere] = [
    access('https://e.com'),
    access('https://e.com', 'concurrency: 9\n'),
    access('https://f.com'),
  ];
  expect(addedAccess(now, now).concurrency).toBeNull();
  expect(addedAccess(now, more).concurrency).toBeNull();
  expect(addedAccess(more, now).concurrency).toBe(9);
  expect(addedAccess(elsewhere, now).concurrency).toBe(8);
});
