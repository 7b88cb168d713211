import { readBoolean } from './boolean.ts';
import { readDate } from './date.ts';
import type { LocaleFacts } from './locale.ts';
import { type Price, readInteger, readNumber, readPrice } from './number.ts';
import type { Reading } from './reading.ts';

/** What a text can be read as, by the names of the configuration. */
export const VALUE_TYPES = ['number', 'integer', 'boolean', 'date', 'price'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** @param text trimmed and not empty */
export function readAs(
  type: ValueType,
  text: string,
  locale: LocaleFacts | undefined,
): Reading<number | boolean | string | Price> {
  switch (type) {
    case 'number':
      return readNumber(text, locale);
    case 'integer':
      return readInteger(text, locale);
    case 'boolean':
      return readBoolean(text);
    case 'date':
      return readDate(text, locale);
    case 'price':
      return readPrice(text, locale);
  }
}
