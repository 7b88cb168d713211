import { makeBooks } from '../../src/sandbox/books.ts';
import { hourOf, priceAt, stockAt } from '../../src/sandbox/drift.ts';
import { availabilityWord, formatPrice, makeListPages, ratingWord } from '../../src/sandbox/shop-pages.ts';

/** What the `books` configuration (config.ts) collects for one book, but for the host in its link. */
export interface BookshopRow {
  title: string;
  /** `£51.77` */
  price: string;
  /** `star-rating Three` */
  rating: string;
  /** `In stock` or `Out of stock`. */
  availability: string;
  /** Where the product page is, from the site's root. */
  link: string;
}

/** The 1,000 rows that the shop's list pages hold in the hour of `at`, in page order. */
export function bookshopRows(at: Date, seed?: number): BookshopRow[] {
  const hour = hourOf(at);
  return makeListPages(makeBooks(seed)).flatMap((page) =>
    page.books.map((book) => ({
      title: book.title,
      price: formatPrice(priceAt(book, hour)),
      rating: `star-rating ${ratingWord(book)}`,
      availability: availabilityWord(book, hour),
      link: book.path,
    })),
  );
}

/** What only the product page of a book tells. */
export interface BookDetails {
  upc: string;
  author: string;
  category: string;
  description: string;
  /** Copies in stock. */
  stock: number;
}

/** The details of the 1,000 books in the hour of `at`, in page order. */
export function bookshopDetails(at: Date, seed?: number): BookDetails[] {
  const hour = hourOf(at);
  return makeBooks(seed).map((book) => {
    const { upc, author, category, description } = book;
    return { upc, author, category, description, stock: stockAt(book, hour) };
  });
}
