import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatRowValue } from '../../../src/core/lib/format-row-value.ts';

it.each([
  ['Kettle', 'Kettle'],
  [null, ''],
  [undefined, ''],
  [12, '12'],
  [['a', 'b'], '["a","b"]'],
  [{ amount: 46, currency: 'GBP' }, '£46.00'],
  [{ amount: 1299.5, currency: 'EUR' }, '€1,299.50'],
  [{ amount: 1200, currency: 'JPY' }, '¥1,200'],
  [{ amount: 0.0125, currency: 'USD' }, '$0.0125'],
  [{ amount: 46, currency: null }, '46'],
  // Not prices.
  [{ amount: 46, currency: 'no code' }, '{"amount":46,"currency":"no code"}'],
  [{ amount: '46', currency: 'GBP' }, '{"amount":"46","currency":"GBP"}'],
  [{ amount: 46, currency: 'GBP', was: 50 }, '{"amount":46,"currency":"GBP","was":50}'],
])('%j reads as %j', (value, text) => {
  expect(formatRowValue(value)).toBe(text);
});

it('any JSON has a text', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => typeof formatRowValue(value) === 'string'));
});
