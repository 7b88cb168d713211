import type { BrowserFetcher } from './fetcher.ts';

/** A fetcher that gets its pages in another way, and does all else as it did. */
export function wrapFetcher(fetcher: BrowserFetcher, get: BrowserFetcher['get']): BrowserFetcher {
  const { cookies, userAgent, timeoutMs } = fetcher;
  return {
    cookies,
    userAgent,
    timeoutMs,
    get,
    submit: (form, signal) => fetcher.submit(form, signal),
    isOwn: (url) => fetcher.isOwn(url),
    fetchSubresource: (request, signal) => fetcher.fetchSubresource(request, signal),
    throttle: (url, signal) => fetcher.throttle(url, signal),
    close: () => fetcher.close(),
  };
}
