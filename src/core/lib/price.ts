/** A value of `type: price`. */
export interface Price {
  [key: string]: number | string | null;
  amount: number;
  /** An ISO 4217 code; `null` when the page names none. */
  currency: string | null;
}

/** Whether a value of a row has the shape of a price: exactly an amount and a currency. */
export function isPrice(value: unknown): value is Price {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const { amount, currency } = value as Partial<Price>;
  return typeof amount === 'number' && (currency === null || typeof currency === 'string');
}
