import { Turns } from '../../core/turns.ts';
import { ScrapeError } from '../errors.ts';
import { type Exchange, headerText } from '../fetch/exchange.ts';
import type { BrowserFetcher, PartRequest } from '../fetch/fetcher.ts';

/** As many as browsers send to a host at once. */
const AT_ONCE = 6;
/** More than pages need, in what belongs to one page: requests, and unpacked bytes. */
const MOST_REQUESTS = 2_000;
const MOST_BYTES = 100_000_000;
/** Scripts and styles kept for the next page of the run, in bytes. */
const MOST_KEPT = 30_000_000;

/** Fetches what pages ask for: scripts, styles, data. A run's pages share most scripts, so those are fetched once. */
export class PageParts {
  readonly #fetcher: BrowserFetcher;
  readonly #turns = new Turns(AT_ONCE);
  readonly #kept = new Map<string, Exchange>();
  #keptBytes = 0;
  #requests = 0;
  #unpacked = 0;
  /** Received since {@link begin}. */
  bytes = 0;

  constructor(fetcher: BrowserFetcher) {
    this.#fetcher = fetcher;
  }

  /** Counts anew, for another page. */
  begin(): void {
    this.#requests = 0;
    this.#unpacked = 0;
    this.bytes = 0;
  }

  /** @param isStatic scripts and styles, which are the same for all pages @throws ScrapeError */
  async get(request: PartRequest, isStatic: boolean, signal: AbortSignal): Promise<Exchange> {
    const mayKeep = isStatic && request.method === 'GET';
    const kept = mayKeep ? this.#kept.get(request.url) : undefined;
    if (kept !== undefined) return kept;
    this.#requests += 1;
    if (this.#requests > MOST_REQUESTS) throw tooMuch(request.url, `${MOST_REQUESTS} requests`);
    const answer = await this.#turns.take(() => {
      if (this.#unpacked > MOST_BYTES) throw tooMuch(request.url, `${MOST_BYTES / 1_000_000} MB`);
      return this.#fetcher.part(request, signal);
    });
    this.bytes += answer.bytes;
    this.#unpacked += answer.body.length;
    if (mayKeep) this.#keep(request.url, answer);
    return answer;
  }

  #keep(url: string, answer: Exchange): void {
    const isShort = answer.status !== 200 || /no-store/i.test(headerText(answer.headers, 'cache-control'));
    if (isShort || this.#keptBytes + answer.body.length > MOST_KEPT) return;
    this.#keptBytes += answer.body.length;
    this.#kept.set(url, answer);
  }
}

function tooMuch(url: string, limit: string): ScrapeError {
  return new ScrapeError('too_large', `the page loads more than ${limit}`, {
    url,
    hint: 'What it asks for beyond that is refused.',
  });
}
