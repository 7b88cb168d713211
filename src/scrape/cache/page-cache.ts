import { hash } from 'node:crypto';
import { type Exchange, headerText } from '../fetch/exchange.ts';
import type { ResponseHeaders } from '../fetch/receive.ts';
import { shownUrl } from '../fetch/shown-url.ts';
import type { CacheFolder } from './cache-folder.ts';
import type { KeptAnswer } from './entry.ts';
import {
  conditionsFor,
  confirms,
  forbidsKeeping,
  mayKeep,
  nameOf,
  type PageRequest,
  variesByCookie,
} from './rules.ts';

/** What is kept of an answer's headers: what the body is, and how to ask after it. */
const KEPT_HEADERS = ['content-type', 'content-language', 'content-security-policy', 'etag', 'last-modified'];

/** An answer to a request for a page. */
export interface PageAnswer extends Exchange {
  /** The site said that the page is as it was: the body is the one that was kept. */
  unchanged?: true;
  /** The site spoke of another version than the one that was kept, which is gone now: it has to be asked once more. */
  again?: true;
}

export interface PageCacheOptions {
  /** Whether cookies say who asks, as after a sign-in: then a page is for the very cookies that it was got with. */
  byCookies: boolean;
  log(level: 'debug' | 'info' | 'warn', message: string): void;
}

/**
 * The pages of a job's earlier runs. The site is asked each time, and decides whether a kept page is still the page (RFC
 * 9111 4.3): nothing is ever taken from here without its word.
 */
export class PageCache {
  readonly #folder: CacheFolder;
  readonly #options: PageCacheOptions;
  #unchanged = 0;
  #full = false;
  #broken = false;

  constructor(folder: CacheFolder, options: PageCacheOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** How many pages were as they had been. */
  get unchanged(): number {
    return this.#unchanged;
  }

  /**
   * Asks for a page, or whether the kept one is still it.
   * @param send sends the request with these headers as well
   */
  async ask(
    request: PageRequest,
    send: (conditions: Record<string, string>) => Promise<Exchange>,
  ): Promise<PageAnswer> {
    const name = nameOf(request, this.#options.byCookies);
    const kept = await this.#keptFor(name, request);
    const answer = await send(kept === undefined ? {} : conditionsFor(kept.headers));
    if (answer.status === 304 && kept !== undefined) return this.#confirmed(kept, answer, request);
    if (answer.status === 200) await this.#keep(name, request, answer);
    return answer;
  }

  async #keptFor(name: string, request: PageRequest): Promise<KeptAnswer | undefined> {
    const kept = await this.#folder.find(name);
    return kept !== undefined && (kept.cookie === '' || kept.cookie === digest(request.cookie))
      ? kept
      : undefined;
  }

  async #confirmed(kept: KeptAnswer, answer: Exchange, { url }: PageRequest): Promise<PageAnswer> {
    if (!confirms(kept.headers, answer.headers)) {
      this.#options.log(
        'info',
        `${shownUrl(url)}: HTTP 304 for another page than the kept one; asking once more`,
      );
      await this.#folder.remove(kept.name);
      return { ...answer, again: true };
    }
    this.#unchanged += 1;
    if (forbidsKeeping(answer.headers)) await this.#folder.remove(kept.name);
    else await this.#folder.touch(kept.name);
    return { ...answer, status: 200, headers: kept.headers, body: kept.body, unchanged: true };
  }

  /** What cannot be kept is got anew in the next run: no reason to fail this one. */
  async #keep(name: string, request: PageRequest, answer: Exchange): Promise<void> {
    try {
      if (!mayKeep(request, answer, Date.now())) return await this.#folder.remove(name);
      if (this.#broken) return;
      const { headers, body } = answer;
      const cookie = variesByCookie(headers) ? digest(request.cookie) : '';
      const isKept = await this.#folder.put({ name, cookie, headers: keptHeaders(headers), body });
      if (isKept || this.#full) return;
      this.#full = true;
      this.#options.log(
        'info',
        'the page cache is full: not all pages of this run are kept for the next one',
      );
    } catch (error) {
      this.#broken = true;
      const message = error instanceof Error ? error.message : String(error);
      this.#options.log('warn', `pages cannot be kept for the next run: ${message}`);
    }
  }
}

function keptHeaders(headers: ResponseHeaders): Record<string, string> {
  const found = KEPT_HEADERS.map((name): [string, string] => [name, headerText(headers, name)]);
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
}

function digest(cookie: string): string {
  return hash('sha256', cookie).slice(0, 40);
}
