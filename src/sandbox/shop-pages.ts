import type { Book } from './books.ts';
import { priceAt, stockAt } from './drift.ts';
import { html, linkTo, type Markup, renderPage } from './html.ts';

export const BOOKS_PER_PAGE = 20;

/** One of the pages on which the shop lists its books. */
interface ListPage {
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

export function renderProductPage(book: Book, at: Date): string {
  return renderPage({
    path: book.path,
    title: book.title,
    body: html`<ul class="breadcrumb">
<li><a href="${linkTo('/index.html', book.path)}">Home</a></li>
<li>Books</li>
<li>${book.category}</li>
<li class="active">${book.title}</li>
</ul>
<main>
<article class="product_page">
<div class="overview">
<div id="product_gallery"><img src="${linkTo(coverPath(book), book.path)}" alt="${book.title}" class="thumbnail" width="200" height="280"></div>
<div class="product_main">
<h1>${book.title}</h1>
<p class="author">by ${book.author}</p>
${priceMarkup(book, at)}
${availabilityMarkup(book, at, availabilityText(book, at))}
${ratingMarkup(book)}
</div>
</div>
<div id="product_description" class="sub-header"><h2>Product Description</h2></div>
<p>${book.description}</p>
<div class="sub-header"><h2>Product Information</h2></div>
${information(book, at)}
</article>
</main>`,
  });
}

/**
 * The table has no tbody. Browsers add one, so a selector copied from their developer tools does not match the source.
 */
function information(book: Book, at: Date): Markup {
  const price = formatPrice(priceAt(book, at));
  const rows = {
    UPC: book.upc,
    'Product Type': 'Books',
    'Price (excl. tax)': price,
    'Price (incl. tax)': price,
    Tax: formatPrice(0),
    Availability: availabilityText(book, at),
    'Number of reviews': '0',
    Author: book.author,
    Category: book.category,
  };
  return html`<table class="table table-striped">
${Object.entries(rows).map(
  ([name, value]) => html`<tr>
<th>${name}</th><td>${value}</td>
</tr>
`,
)}</table>`;
}

/** Where the picture of a book's cover is, from the site's root. */
export function coverPath(book: Book): string {
  return `/media/cover-${book.id}.svg`;
}

/** A plain cover in the book's own colour: title and author, drawn as SVG. */
export function renderCover(book: Book): string {
  const hue = book.salt % 360;
  const lines = wrap(book.title, 18).slice(0, 7);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 280" font-family="Georgia, serif" fill="#fff" text-anchor="middle">
<rect width="200" height="280" fill="hsl(${hue} 38% 34%)"/>
<rect x="10" y="10" width="180" height="260" fill="none" stroke="hsl(${hue} 50% 75%)"/>
${lines.map(
  (line, index) => html`<text x="100" y="${58 + index * 24}" font-size="18">${line}</text>
`,
)}<text x="100" y="250" font-size="12">${book.author}</text>
</svg>
`.text;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

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
function availabilityText(book: Book, at: Date): string {
  const stock = stockAt(book, at);
  return stock > 0 ? `In stock (${stock} available)` : 'Out of stock';
}

function priceMarkup(book: Book, at: Date): Markup {
  return html`<p class="price_color">${formatPrice(priceAt(book, at))}</p>`;
}

function ratingMarkup(book: Book): Markup {
  return html`<p class="star-rating ${ratingWord(book)}" aria-label="${book.rating} of 5 stars">${'★'.repeat(book.rating)}${'☆'.repeat(5 - book.rating)}</p>`;
}

/** The class also differs, so `.instock.availability` matches only books that are in stock. */
function availabilityMarkup(book: Book, at: Date, text: string): Markup {
  return html`<p class="${stockAt(book, at) > 0 ? 'instock' : 'outofstock'} availability">
    <i class="icon-ok"></i>

        ${text}

</p>`;
}
