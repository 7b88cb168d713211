import { expect, test } from 'vitest';
import { makeBooks } from '../../src/sandbox/books.ts';

const books = makeBooks();
const distinct = (values: readonly unknown[]) => new Set(values).size;

test('there are 1,000 books, and no two share a title, a code or an address', () => {
  expect(books.map((book) => book.id)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  expect(distinct(books.map((book) => book.title))).toBe(1000);
  expect(distinct(books.map((book) => book.upc))).toBe(1000);
  expect(distinct(books.map((book) => book.path))).toBe(1000);
});

test('every book is complete and nothing of a template is left in its texts', () => {
  for (const book of books) {
    expect(book.upc).toMatch(/^[0-9a-f]{16}$/);
    expect(book.path).toMatch(new RegExp(`^/catalogue/[a-z0-9]+(-[a-z0-9]+)*_${book.id}/index\\.html$`));
    expect([1, 2, 3, 4, 5]).toContain(book.rating);
    expect(book.basePrice).toBeGreaterThanOrEqual(1000);
    for (const text of [book.title, book.author, book.category, book.description]) {
      expect(text).toBe(text.trim());
      expect(text).not.toMatch(/[{}]|undefined|^$| {2}|\bA [AEIOU]/);
    }
  }
});

test('every category and every rating has its share of the books', () => {
  const categories = [...new Set(books.map((book) => book.category))];
  expect(categories.length).toBe(12);
  for (const category of categories) {
    expect(books.filter((book) => book.category === category).length).toBeGreaterThan(50);
  }
  expect(distinct(books.map((book) => book.rating))).toBe(5);
});

test('some titles are hard to carry through a page and a file', () => {
  const titles = books.map((book) => book.title);
  for (const part of ['&', '"', "'", '<', '>', ',', ';', 'é', '東京', '&amp;', '“']) {
    expect(titles.some((title) => title.includes(part))).toBe(true);
  }
  expect(Math.max(...titles.map((title) => title.length))).toBeGreaterThan(250);
});

test('the seed alone decides the books', () => {
  expect(makeBooks()).toEqual(books);
  const others = makeBooks(7);
  expect(distinct(others.map((book) => book.title))).toBe(1000);
  expect(distinct(others.map((book) => book.upc))).toBe(1000);
  expect(others.filter((book, index) => book.title === books[index]?.title).length).toBeLessThan(50);
});
