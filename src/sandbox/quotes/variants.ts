import { html, type Markup } from '../html.ts';
import { fillScript, loadMoreScript, scrollScript, turnScript } from './page-scripts.ts';
import { quoteList, quotesPager, quoteTable, type Reader } from './quote-markup.ts';
import { QUOTES_PER_PAGE, type Quote, quotesOf } from './quotes.ts';

/** What a variant makes its page of. */
export interface PageRequest {
  quotes: readonly Quote[];
  /** From 1. */
  number: number;
  query: URLSearchParams;
  reader: Reader;
}

const EMPTY_LIST = html`<div class="quotes"></div>`;
/** As long as it takes somebody to wonder, in milliseconds. */
const DEFAULT_DELAY_MS = 10_000;
const MAX_DELAY_MS = 60_000;

/** The ways in which the same hundred quotes are shown, by the folder that each has for itself. */
export const VARIANTS: Readonly<Record<string, (request: PageRequest) => Markup>> = {
  '/': ({ quotes, number, reader }) =>
    html`<div class="quotes">${quoteList(quotesOf(quotes, number), reader)}</div>
${quotesPager(quotes, number, '/')}`,
  '/js/': ({ quotes, number }) => filled(quotes, number, '/js/', 0),
  '/js-delayed/': ({ quotes, number, query }) => {
    const asked = query.get('delay');
    const delay = Math.min(Number(asked ?? DEFAULT_DELAY_MS) || 0, MAX_DELAY_MS);
    return filled(quotes, number, '/js-delayed/', delay, asked === null ? '' : `?delay=${delay}`);
  },
  '/js-onclick/': ({ quotes }) =>
    html`${EMPTY_LIST}<button class="next">next</button>${turnScript(quotes, QUOTES_PER_PAGE)}`,
  '/scroll/': () => html`${EMPTY_LIST}${scrollScript()}`,
  '/load-more/': () => html`${EMPTY_LIST}<button id="load-more">Load more</button>${loadMoreScript()}`,
  '/tableful/': ({ quotes, number }) =>
    html`${quoteTable(quotesOf(quotes, number))}
${quotesPager(quotes, number, '/tableful/')}`,
};

function filled(quotes: readonly Quote[], number: number, base: string, delayMs: number, query = ''): Markup {
  return html`${EMPTY_LIST}
${quotesPager(quotes, number, base, query)}
${fillScript(quotesOf(quotes, number), delayMs)}`;
}
