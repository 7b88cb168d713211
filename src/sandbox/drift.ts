import type { Book } from './books.ts';
import { mix } from './random.ts';

const HOUR = 3_600_000;
const PRICE = 1;
const STOCK = 2;

/**
 * Returns the price of a book in pence. A price lasts for 6 to 16 hours, and the next one is within 12 % of the base
 * price. About one book in ten therefore changes from one hour (UTC) to the next.
 */
export function priceAt(book: Book, at: Date): number {
  const percent = (mix(book.salt, PRICE, period(book, PRICE, at).number) % 2401) / 100 - 12;
  return Math.round(book.basePrice * (1 + percent / 100));
}

/** How many copies are in stock: 0 (about one time in twelve) to 24; changes every 30 to 70 hours. */
export function stockAt(book: Book, at: Date): number {
  const draw = mix(book.salt, STOCK, period(book, STOCK, at).number);
  return draw % 12 === 0 ? 0 : 1 + ((draw >>> 8) % 24);
}

/** When the price or the stock of a book, as it is `at` that time, last changed: the start of an hour. */
export function changedAt(book: Book, at: Date): Date {
  return new Date(Math.max(period(book, PRICE, at).start, period(book, STOCK, at).start));
}

/** The start of the hour (UTC) that `at` falls into. All of the shop's pages are the same until the next. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR) * HOUR);
}

/** The period around `at` in which the book's price (or stock) does not change. */
function period(book: Book, kind: number, at: Date): { number: number; start: number } {
  const draw = mix(book.salt, kind);
  const hours = kind === PRICE ? 6 + (draw % 11) : 30 + (draw % 41);
  // Without an offset of its own, every book with the same length of period would change in the same hour.
  const offset = (draw >>> 8) % hours;
  const number = Math.floor((Math.floor(at.getTime() / HOUR) + offset) / hours);
  return { number, start: (number * hours - offset) * HOUR };
}
