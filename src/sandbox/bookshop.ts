import { type Book, makeBooks } from './books.ts';
import { changedAt } from './drift.ts';
import { html, linkTo, renderPage } from './html.ts';
import {
  coverPath,
  listPath,
  makeListPages,
  renderCover,
  renderListPage,
  renderProductPage,
} from './shop-pages.ts';
import {
  HTML,
  type Resource,
  type Site,
  type SiteServer,
  type SiteServerOptions,
  serveSite,
} from './site-server.ts';

/** `seed` decides which books the shop has (books.ts). */
export type BookshopOptions = SiteServerOptions & { seed?: number };

/**
 * Starts the sandbox bookshop: 1,000 made-up books on 50 list pages whose prices move from hour to hour.
 * Rejects when the port is taken.
 */
export function startBookshop({ seed, ...options }: BookshopOptions = {}): Promise<SiteServer> {
  return serveSite(() => makeBookshop(seed), options);
}

/** The bookshop: 50 list pages, 1,000 product pages, their covers and a robots.txt that allows everything. */
export function makeBookshop(seed?: number): Site {
  const books = makeBooks(seed);
  const pages = makeListPages(books);
  // The first page also has a numbered address, which addresses with a page number rely on.
  const first = pages.slice(0, 1).map((page) => ({ ...page, path: listPath(1) }));
  const lists = [...pages, ...first].map((page): [string, Resource] => [
    page.path,
    {
      contentType: HTML,
      render: (at) => renderListPage(page, at),
      changedAt: (at) => latestChange(page.books, at),
    },
  ]);
  const products = books.map((book): [string, Resource] => [
    book.path,
    {
      contentType: HTML,
      render: (at) => renderProductPage(book, at),
      changedAt: (at) => changedAt(book, at),
    },
  ]);
  const covers = books.map((book): [string, Resource] => [
    coverPath(book),
    { contentType: 'image/svg+xml; charset=utf-8', render: () => renderCover(book) },
  ]);
  const resources = new Map([...lists, ...products, ...covers, ['/robots.txt', ROBOTS]]);
  return { resources, renderNotFound };
}

const ROBOTS: Resource = {
  contentType: 'text/plain; charset=utf-8',
  render: () => 'User-agent: *\nDisallow:\n',
};

function latestChange(books: readonly Book[], at: Date): Date {
  return new Date(Math.max(...books.map((book) => changedAt(book, at).getTime())));
}

function renderNotFound(path: string): string {
  const body = html`<main>
<h1>Page not found</h1>
<p>There is nothing at <code>${path}</code>. <a href="${linkTo('/index.html', path)}">Back to all books</a></p>
</main>`;
  return renderPage({ path, title: 'Page not found', body });
}
