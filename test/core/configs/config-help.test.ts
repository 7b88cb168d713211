import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONFIG_HELP } from '../../../src/core/configs/config-help.ts';
import { checkConfig } from '../../../src/scrape/config/parse-config.ts';
import { compileSchema } from '../../build/schemas/editor-ajv.ts';

it('the crib of configurations can run, has no key that the schema lacks, and fits 1.5 KB', () => {
  expect(Buffer.byteLength(CONFIG_HELP)).toBeLessThanOrEqual(1_500);
  expect(checkConfig(CONFIG_HELP, 'help.yaml', {})).toEqual([]);
  const isValid = compileSchema('configuration');
  expect(isValid(parse(CONFIG_HELP))).toBe(true);
  expect(isValid({ ...parse(CONFIG_HELP), itme: 'li' })).toBe(false);
});

it('the crib names each way to the next page, each type and each format', () => {
  const ways = ['next_button', 'url_param', 'page_number', 'load_more', 'infinite_scroll'];
  const types = ['number', 'integer', 'boolean', 'date', 'price'];
  for (const word of [...ways, ...types, 'csv', 'json', 'jsonl', 'excel', 'sqlite'])
    expect(CONFIG_HELP).toContain(word);
});
