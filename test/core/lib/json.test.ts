import { expect, it } from 'vitest';
import { asRecord, isRecord } from '../../../src/core/lib/json.ts';

it.each([null, undefined, [], [{ a: 1 }], 'text', 7])('%j is no object with fields', (value) => {
  expect(isRecord(value)).toBe(false);
  expect(asRecord(value)).toEqual({});
});

it('reads the fields of an object', () => {
  const value = { a: 1 };
  expect(isRecord(value)).toBe(true);
  expect(asRecord(value)).toBe(value);
});
