import { ScrapeError } from './scrape-error.ts';

/**
 * The address of a page without its fragment, and without a password: that one goes into a header (fetch), not into
 * logs, progress and rows.
 */
export function toPageUrl(url: string): string {
  const address = new URL(url);
  address.hash = '';
  address.username = '';
  address.password = '';
  return address.href;
}

/** What is fetched for an address. @throws ScrapeError `config` when it is not http or https */
export function parseUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    // The headers carry them (request-headers.ts).
    url.username = '';
    url.password = '';
    return url;
  }
  throw new ScrapeError('config', `"${address.slice(0, 200)}" is not an http or https address`, {
    hint: 'Write the whole address, such as https://example.com/books.',
  });
}
