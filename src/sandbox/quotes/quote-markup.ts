import { html, type Markup } from '../html.ts';
import { renderPage } from '../layout.ts';
import { pageCount, type Quote } from './quotes.ts';

/** Who looks at a page. */
export interface Reader {
  /** Name of the account; undefined for strangers. */
  name?: string | undefined;
}

/** A page of the site: header with a way to sign in or out, and what `body` holds. */
export function renderQuotesPage(title: string, body: Markup, reader: Reader = {}): string {
  const account =
    reader.name === undefined
      ? html`<a class="login" href="/login">Login</a>`
      : html`<span class="reader">${reader.name}</span> <a class="logout" href="/logout">Logout</a>`;
  return renderPage({
    path: '/index.html',
    title,
    site: 'Quotes',
    body: html`<nav>${account}</nav>
<main>
${body}
</main>`,
  });
}

/** Quotes as the plain pages have them; those who are signed in see how many like each. */
export function quoteList(quotes: readonly Quote[], reader: Reader = {}): Markup {
  if (quotes.length === 0) return html`<p class="nothing">No quotes found!</p>`;
  return html`${quotes.map((quote) => quoteMarkup(quote, reader))}`;
}

function quoteMarkup({ text, author, tags, likes }: Quote, reader: Reader): Markup {
  return html`<div class="quote">
<span class="text">“${text}”</span>
<span>by <small class="author">${author}</small></span>
<div class="tags">Tags: ${tags.map((tag) => html`<a class="tag" href="/tag/${encodeURIComponent(tag)}/">${tag}</a> `)}</div>
${
  reader.name === undefined
    ? html``
    : html`<p class="likes">${likes} likes</p>
`
}</div>
`;
}

/** Links to the neighbours of page `number`. @param base the variant's folder, such as `/js/` @param query kept in the links */
export function quotesPager(quotes: readonly Quote[], number: number, base: string, query = ''): Markup {
  const last = pageCount(quotes);
  const step = (name: string, to: number) =>
    to < 1 || to > last
      ? html``
      : html`<li class="${name}"><a href="${base}page/${to}/${query}">${name}</a></li>`;
  return html`<ul class="pager">${step('previous', number - 1)}${step('next', number + 1)}</ul>`;
}

/** Two rows of a table a quote, without classes and without a tbody. */
export function quoteTable(quotes: readonly Quote[]): Markup {
  return html`<table>
${quotes.map(
  ({ text, author, tags }) => html`<tr><td style="padding-top: 2em">“${text}” Author: ${author}</td></tr>
<tr><td style="padding-bottom: 2em">Tags: ${tags.map((tag) => html`<a href="/tag/${encodeURIComponent(tag)}/">${tag}</a> `)}</td></tr>
`,
)}</table>`;
}
