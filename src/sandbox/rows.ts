import { availabilityWord, formatPrice, ratingWord } from './book-markup.ts';
import { makeBooks } from './books.ts';
import { hourOf, priceAt } from './drift.ts';
import { linkTo } from './layout.ts';
import { makeListPages } from './list-page.ts';

/** What the `books` configuration (config.ts) collects for one book. */
export interface BookshopRow {
  title: string;
  /** `£51.77` */
  price: string;
  /** `star-rating Three` */
  rating: string;
  /** `In stock` or `Out of stock`. */
  availability: string;
  /** As written on the list page, relative to it. */
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
      link: linkTo(book.path, page.path),
    })),
  );
}
