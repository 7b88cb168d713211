import { availabilityMarkup, availabilityWord, priceMarkup, ratingMarkup } from './book-markup.ts';
import type { Book } from './books.ts';
import { coverPath } from './cover.ts';
import { html, type Markup } from './html.ts';
import { linkTo, renderPage } from './layout.ts';

const BOOKS_PER_PAGE = 20;

/** One of the pages on which the shop lists its books. */
export interface ListPage {
  /** Its address from the site's root. */
  path: string;
  /** From 1. */
  number: number;
  count: number;
  books: readonly Book[];
}

/** Cuts the books into list pages, in order: `/index.html` first, then `/catalogue/page-2.html` and so on. */
export function makeListPages(books: readonly Book[]): ListPage[] {
  const count = Math.ceil(books.length / BOOKS_PER_PAGE);
  return Array.from({ length: count }, (_, index) => ({
    path: index === 0 ? '/index.html' : listPath(index + 1),
    number: index + 1,
    count,
    books: books.slice(index * BOOKS_PER_PAGE, (index + 1) * BOOKS_PER_PAGE),
  }));
}

export function renderListPage(page: ListPage, at: Date): string {
  return renderPage({
    path: page.path,
    title: page.number === 1 ? 'All books' : `All books, page ${page.number}`,
    body: html`<main>
<h1>All books</h1>
<section>
<ol class="row">
${page.books.map((book) => pod(book, page.path, at))}</ol>
${pager(page)}
</section>
</main>`,
  });
}

function pod(book: Book, path: string, at: Date): Markup {
  const link = linkTo(book.path, path);
  return html`<li>
<article class="product_pod">
<div class="image_container"><a href="${link}"><img src="${linkTo(coverPath(book), path)}" alt="${book.title}" class="thumbnail" width="200" height="280" loading="lazy"></a></div>
${ratingMarkup(book)}
<h3><a href="${link}" title="${book.title}">${shorten(book.title)}</a></h3>
<div class="product_price">
${priceMarkup(book, at)}
${availabilityMarkup(book, at, availabilityWord(book, at))}
</div>
</article>
</li>
`;
}

function pager({ path, number, count }: ListPage): Markup {
  const step = (name: string, to: number) =>
    to < 1 || to > count
      ? html``
      : html`<li class="${name}"><a href="${linkTo(listPath(to), path)}">${name}</a></li>
`;
  return html`<ul class="pager">
${step('previous', number - 1)}<li class="current">
    Page ${number} of ${count}
</li>
${step('next', number + 1)}</ul>`;
}

/** Returns the path of list page `number`, from the site's root. */
export function listPath(number: number): string {
  return `/catalogue/page-${number}.html`;
}

/** The link's text is shortened, as in many shops; the whole title is in its attribute. */
function shorten(title: string): string {
  const characters = [...title];
  return characters.length <= 40 ? title : `${characters.slice(0, 36).join('').trimEnd()} ...`;
}
