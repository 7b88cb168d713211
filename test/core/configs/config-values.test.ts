import { expect, it } from 'vitest';
import { absentFromConfig } from '../../../src/core/configs/config-values.ts';

const YAML = `
item: "a[title=\\"x\\"]"
selectors:
  price: .price-now
  title: { selector: 'h3   a', multiple: true }
`;

it('texts that are no value of a configuration are absent from it, however the others are written', () => {
  expect(absentFromConfig(YAML, ['a[title="x"]', '.price', 'h3 a', '.price-now'])).toEqual(['.price']);
});

it('of a configuration that cannot be read, or has a variable, nothing is known to be absent', () => {
  expect(absentFromConfig('url: [', ['.price'])).toEqual([]);
  expect(absentFromConfig('selectors: { price: "${PRICE}" }', ['.price'])).toEqual([]);
});
