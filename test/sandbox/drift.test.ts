import { expect, test } from 'vitest';
import { makeBooks } from '../../src/sandbox/books.ts';
import { changedAt, priceAt, stockAt } from '../../src/sandbox/drift.ts';
import { bookshopRows } from './rows.ts';

const books = makeBooks();
const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T00:00:00Z');
const hours = Array.from({ length: 48 }, (_, index) => new Date(START + index * HOUR));
const nextHour = (at: Date) => new Date(at.getTime() + HOUR);

test('from any hour to the next, 5 to 15 % of the prices change', () => {
  for (const hour of hours) {
    const changed = books.filter((book) => priceAt(book, hour) !== priceAt(book, nextHour(hour)));
    expect(changed.length).toBeGreaterThanOrEqual(50);
    expect(changed.length).toBeLessThanOrEqual(150);
  }
});

test('the stock of some books changes every hour, and some books are out of stock but never most', () => {
  for (const hour of hours) {
    const changed = books.filter((book) => stockAt(book, hour) !== stockAt(book, nextHour(hour)));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(60);
    const out = books.filter((book) => stockAt(book, hour) === 0).length;
    expect(out).toBeGreaterThan(40);
    expect(out).toBeLessThan(150);
  }
});

test('within an hour nothing changes', () => {
  for (const minutes of [0, 1, 30, 59.99]) {
    expect(bookshopRows(new Date(START + minutes * 60_000))).toEqual(bookshopRows(new Date(START)));
  }
});

test('a price stays within 12 % of its base price', () => {
  for (const book of books) {
    for (const hour of hours) {
      expect(Math.abs(priceAt(book, hour) - book.basePrice)).toBeLessThanOrEqual(book.basePrice * 0.12 + 1);
    }
  }
});

test('the time of the last change is the hour since which price and stock are unchanged', () => {
  for (const book of books.slice(0, 100)) {
    for (const hour of hours) {
      const since = changedAt(book, hour);
      expect(since.getTime()).toBeLessThanOrEqual(hour.getTime());
      expect(since.getTime() % HOUR).toBe(0);
      for (let at = since; at < hour; at = nextHour(at)) {
        expect([priceAt(book, at), stockAt(book, at)]).toEqual([priceAt(book, hour), stockAt(book, hour)]);
      }
    }
  }
});
