import type { JsonValue } from '../extract/item.ts';
import type { Price } from '../parsers/parse-number.ts';

/** Whether a value is one that `type: price` makes: exactly an amount and its currency, which may be unknown. */
export function isPrice(value: JsonValue | undefined): value is JsonValue & Price {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { amount, currency } = value;
  return (
    typeof amount === 'number' &&
    (currency === null || typeof currency === 'string') &&
    Object.keys(value).length === 2
  );
}
