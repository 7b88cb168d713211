import { isPrice, type Price } from './price.ts';

/**
 * A value of a row as a person reads it: a text as it is, a price (`type: price`) with its currency, nothing for `null`,
 * all else as JSON, and nothing for what JSON does not have. Control characters stay.
 */
export function formatRowValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return (isPrice(value) ? formatPrice(value) : undefined) ?? JSON.stringify(value) ?? '';
}

function formatPrice({ amount, currency }: Price): string | undefined {
  if (currency === null) return String(amount);
  try {
    return formatterOf(currency).format(amount);
  } catch {
    // No currency code: another program has written the row.
    return undefined;
  }
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatterOf(currency: string): Intl.NumberFormat {
  const known = formatters.get(currency);
  if (known !== undefined) return known;
  // With all decimals that the amount has.
  const made = new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 6 });
  formatters.set(currency, made);
  return made;
}
