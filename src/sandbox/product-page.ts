import {
  availabilityMarkup,
  availabilityText,
  formatPrice,
  priceMarkup,
  ratingMarkup,
} from './book-markup.ts';
import type { Book } from './books.ts';
import { coverPath } from './cover.ts';
import { priceAt } from './drift.ts';
import { html, type Markup } from './html.ts';
import { linkTo, renderPage } from './layout.ts';

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
