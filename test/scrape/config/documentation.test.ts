import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/scrape/config/config-schema.ts';
import { getKeysAt } from '../../../src/scrape/config/explain-issue.ts';
import { checkConfig, parseConfig } from '../../../src/scrape/config/parse-config.ts';
import { documentedExamples } from './documented-examples.ts';

const text = readFileSync(new URL('../../../docs/reference/configuration.md', import.meta.url), 'utf8');
const examples = documentedExamples();
const ENV = {
  SHOP_URL: 'https://shop.example',
  SHOP_TOKEN: 'token',
  SHOP_USER: 'ann',
  SHOP_PASSWORD: 'word',
};

/** The value that an example leaves to its job. */
const paramsOf = (example: string) => (example.includes('\nparams:') ? { city: 'berlin' } : {});

describe('docs/reference/configuration.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(12);
  });

  it.each(examples.map((example) => [example.split('\n').slice(0, 2).join(' '), example]))(
    'example: %s',
    (_start, example) => {
      expect(checkConfig(example, 'example.yaml', ENV)).toEqual([]);
      expect(() => parseConfig(example, 'example.yaml', ENV, paramsOf(example))).not.toThrow();
    },
  );

  const sections: [string, unknown, string[]][] = [
    ['the top level', {}, []],
    ['a field', { selectors: { a: {} } }, ['selectors', 'a']],
    ['a sitemap', { sitemap: {} }, ['sitemap']],
    ['a crawl', { crawl: {} }, ['crawl']],
    ['next_button', { pagination: { type: 'next_button' } }, ['pagination']],
    ['url_param', { pagination: { type: 'url_param' } }, ['pagination']],
    ['page_number', { pagination: { type: 'page_number' } }, ['pagination']],
    ['load_more', { pagination: { type: 'load_more' } }, ['pagination']],
    ['infinite_scroll', { pagination: { type: 'infinite_scroll' } }, ['pagination']],
    ['fixed delays', { delays: { type: 'fixed' } }, ['delays']],
    ['random delays', { delays: { type: 'random' } }, ['delays']],
    ['http_basic', { authentication: { type: 'http_basic' } }, ['authentication']],
    ['form', { authentication: { type: 'form' } }, ['authentication']],
    ['request', { request: {} }, ['request']],
    ['graphql', { request: { graphql: {} } }, ['request', 'graphql']],
    ['data_cleaning', {}, ['data_cleaning']],
    ['output', {}, ['output']],
    ['expect', {}, ['expect']],
    ['changes', {}, ['changes']],
    ['a condition', { changes: { when: { a: {} } } }, ['changes', 'when', 'a']],
  ];
  it.each(sections)('names every key of %s', (_name, raw, path) => {
    const keys = getKeysAt(configSchema, raw, path);
    expect(keys.length).toBeGreaterThan(0);
    expect(
      keys.filter((key) => !new RegExp(`\`${key}[\`:]|^ *${key}:|[{,] ?${key}:`, 'm').test(text)),
    ).toEqual([]);
  });
});
