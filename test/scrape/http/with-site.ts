import { afterEach, beforeEach } from 'vitest';
import {
  createFetcher,
  type FetchedPage,
  type Fetcher,
  type FetcherOptions,
} from '../../../src/scrape/http/fetcher.ts';
import { ScrapeError } from '../../../src/scrape/lib/scrape-error.ts';
import { Site } from '../site.ts';

/** A site for each test, and fetchers that are closed after it. */
export function withSite() {
  let current: Site | undefined;
  const fetchers: Fetcher[] = [];
  beforeEach(async () => {
    current = await Site.start();
  });
  afterEach(async () => {
    await Promise.all(fetchers.splice(0).map((fetcher) => fetcher.close()));
    await current?.stop();
  });
  const site = () => {
    if (current === undefined) throw new Error('only inside a test');
    return current;
  };
  const fetcher = (options: Partial<FetcherOptions> = {}) => {
    const made = createFetcher({
      ownUrls: [site().url('/')],
      retries: { retries: 4, baseMs: 2 },
      ...options,
    });
    fetchers.push(made);
    return made;
  };
  const get = (path: string, options: Partial<FetcherOptions> = {}): Promise<FetchedPage> =>
    fetcher(options).get(path.startsWith('/') ? site().url(path) : path, {
      signal: new AbortController().signal,
    });
  return { site, fetcher, get };
}

/** The ScrapeError that the work ends in. */
export async function failureOf(work: Promise<unknown>): Promise<ScrapeError> {
  const error = await work.then(
    (value) => new Error(`it did not fail but gave ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof ScrapeError) return error;
  throw error;
}
