import type { Book } from './books.ts';
import { priceAt, stockAt } from './drift.ts';
import { html, type Markup } from './html.ts';

const RATINGS = ['Zero', 'One', 'Two', 'Three', 'Four', 'Five'];

/** `Three` for 3: how the markup names a rating. */
export function ratingWord(book: Book): string {
  return RATINGS[book.rating] ?? 'Zero';
}

/** `£51.77` */
export function formatPrice(pence: number): string {
  return `£${(pence / 100).toFixed(2)}`;
}

/** The availability on a list page: `In stock` or `Out of stock`. */
export function availabilityWord(book: Book, at: Date): string {
  return stockAt(book, at) > 0 ? 'In stock' : 'Out of stock';
}

/** The availability on a product page: `In stock (22 available)` or `Out of stock`. */
export function availabilityText(book: Book, at: Date): string {
  const stock = stockAt(book, at);
  return stock > 0 ? `In stock (${stock} available)` : 'Out of stock';
}

export function priceMarkup(book: Book, at: Date): Markup {
  return html`<p class="price_color">${formatPrice(priceAt(book, at))}</p>`;
}

export function ratingMarkup(book: Book): Markup {
  return html`<p class="star-rating ${ratingWord(book)}" aria-label="${book.rating} of 5 stars">${'★'.repeat(book.rating)}${'☆'.repeat(5 - book.rating)}</p>`;
}

/** The class also differs, so `.instock.availability` matches only books that are in stock. */
export function availabilityMarkup(book: Book, at: Date, text: string): Markup {
  return html`<p class="${stockAt(book, at) > 0 ? 'instock' : 'outofstock'} availability">
    <i class="icon-ok"></i>

        ${text}

</p>`;
}
