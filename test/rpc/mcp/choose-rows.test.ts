import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeRows } from '../../../src/rpc/mcp/choose-rows.ts';

const field = (name: string, sample: string, attribute: string | null = null) => ({
  name,
  selector: name,
  attribute,
  sample,
});

it('describes a block of rows by its number, its selector and texts of its first row', () => {
  const fields = [
    field('link', 'https://shop.example/1', 'href'),
    field('title', 'A Light in the Attic'),
    field('rating', ''),
    field('price', '£51.77'),
  ];
  expect(describeRows({ item: 'article.product_pod', rows: 20, fields })).toBe(
    '20 × article.product_pod: A Light in the Attic, £51.77',
  );
  expect(describeRows({ item: 'li', rows: 3, fields: fields.slice(0, 1) })).toBe(
    '3 × li: https://shop.example/1',
  );
});

/** Texts of a page: letters, and what could break or hide a line. */
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'ß',
    '😀',
    ' ',
    '\n',
    '\r',
    '\t',
    '\u001b',
    '\u202e',
    '\u2028',
    '\ud800',
    '\u200b',
    '"',
    ':',
  ),
  maxLength: 200,
});

it('shows text of a page in one short line without invisible characters, whatever it is', () => {
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 5 }), (item, samples) => {
      const fields = samples.map((sample, at) => field(`f${at}`, sample));
      const line = describeRows({ item, rows: 2, fields });
      expect(line).not.toMatch(/[\p{Cc}\u200b\u2028\u202e]|\p{Surrogate}/u);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(270);
    }),
  );
});
