import type { IncomingMessage, ServerResponse } from 'node:http';
import { html, type Markup } from '../html.ts';
import { type ListenOptions, listen, type SiteServer } from '../listen.ts';
import { HTML } from '../site.ts';
import { quoteList, type Reader, renderQuotesPage } from './quote-markup.ts';
import { makeQuotes, pageCount, type Quote, quotesOf } from './quotes.ts';
import { SESSION_COOKIE, Sessions, signInForm } from './sign-in.ts';
import { VARIANTS } from './variants.ts';

/** More than any form of the site. */
const MAX_FORM_CHARACTERS = 10_000;

/**
 * Starts the sandbox's quotes: the same hundred, ten a page, in plain pages (`/`), filled in by script (`/js/`,
 * `/js-delayed/`, `/js-onclick/`), loaded while scrolling (`/scroll/`) or by a button (`/load-more/`), in a table
 * (`/tableful/`), and with more to see after signing in (`/login`). Rejects when the port is taken.
 */
export function startQuotes({
  seed,
  ...options
}: ListenOptions & { seed?: number } = {}): Promise<SiteServer> {
  const site = new QuotesSite(makeQuotes(seed));
  return listen((request, response) => {
    site.answer(request, response).catch(() => response.destroy());
  }, options);
}

class QuotesSite {
  readonly #quotes: readonly Quote[];
  readonly #sessions = new Sessions();

  constructor(quotes: readonly Quote[]) {
    this.#quotes = quotes;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://quotes.invalid');
    const isForm = url.pathname === '/login' && request.method === 'POST';
    if (!isForm && request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
    } else if (url.pathname === '/robots.txt') {
      send(response, 200, 'User-agent: *\nDisallow:\n', 'text/plain; charset=utf-8');
    } else if (url.pathname === '/api/quotes') {
      send(response, 200, JSON.stringify(this.#api(url.searchParams)), 'application/json');
    } else if (url.pathname === '/login') {
      await this.#login(request, response);
    } else if (url.pathname === '/logout') {
      this.#sessions.signOut(this.#sessions.open(request.headers.cookie ?? '').session);
      response.writeHead(302, { location: '/', 'content-length': 0 }).end();
    } else this.#page(url, request, response);
  }

  #api(query: URLSearchParams) {
    const page = Math.max(1, Math.trunc(Number(query.get('page') ?? 1)) || 1);
    const quotes = quotesOf(this.#quotes, page).map(({ text, author, tags }) => ({ text, author, tags }));
    return { has_next: page < pageCount(this.#quotes), page, quotes };
  }

  async #login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, session } = this.#sessions.open(request.headers.cookie ?? '');
    const cookie = { 'set-cookie': `${SESSION_COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax` };
    const form = (problem?: string) => renderQuotesPage('Login', signInForm(session.token, problem));
    if (request.method !== 'POST') return send(response, 200, form(), HTML, cookie);
    const problem = this.#sessions.signIn(session, new URLSearchParams(await bodyOf(request)));
    if (problem === 'token') return send(response, 403, form('The form has expired.'), HTML, cookie);
    if (problem === 'password') return send(response, 200, form('Wrong username or password.'), HTML, cookie);
    response.writeHead(302, { ...cookie, location: '/', 'content-length': 0 }).end();
  }

  #page(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const [, base = '', number = '1'] =
      /^(\/(?:[\w-]+\/)??)(?:page\/(\d+)\/?)?$/.exec(withSlash(url.pathname)) ?? [];
    const reader = { name: this.#sessions.nameIn(request.headers.cookie ?? '') };
    const variant = Object.hasOwn(VARIANTS, base) ? VARIANTS[base] : undefined;
    const body =
      variant?.({ quotes: this.#quotes, number: Number(number), query: url.searchParams, reader }) ??
      this.#tagged(url.pathname, reader);
    if (body === undefined) {
      const missing = html`<h1>Page not found</h1><p>There is nothing at <code>${url.pathname}</code>.</p>`;
      send(response, 404, renderQuotesPage('Page not found', missing, reader));
    } else send(response, 200, renderQuotesPage('Quotes', body, reader));
  }

  /** All quotes that carry the tag in the address; undefined where it names none. */
  #tagged(path: string, reader: Reader): Markup | undefined {
    const name = /^\/tag\/([^/]+)\/?$/.exec(path)?.[1];
    const quotes = this.#quotes.filter(({ tags }) => tags.some((tag) => encodeURIComponent(tag) === name));
    return quotes.length === 0 ? undefined : html`<div class="quotes">${quoteList(quotes, reader)}</div>`;
  }
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  type: string = HTML,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, ...headers }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_CHARACTERS) throw new Error('no form is so long');
  }
  return text;
}
