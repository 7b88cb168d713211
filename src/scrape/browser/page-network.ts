import type { CDPSession } from 'playwright-core';
import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { Limiter } from '../../core/lib/limiter.ts';
import type { ResponseHeaders } from '../http/dispatch-request.ts';
import { type Exchange, getHeader } from '../http/exchange.ts';
import type { BrowserFetcher, FetchedPage, SubresourceRequest } from '../http/fetcher.ts';
import { decodeLocation } from '../http/redirect.ts';
import { redactUrl, toPageUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** How a request of a page is handled. */
type RequestDecision = 'navigate' | 'fetch' | 'block';

/** Kinds that never contribute to a row, or that never end. */
const BLOCKED_KINDS: ReadonlySet<string> = new Set([
  'Image',
  'Media',
  'Font',
  'TextTrack',
  'Manifest',
  'Ping',
  'Prefetch',
  'CSPViolationReport',
  'SignedExchange',
  'WebSocket',
  'EventSource',
]);

interface BrowserRequest {
  /** The kind in the DevTools protocol: Document, Script, XHR … */
  kind: string;
  url: string;
  /** Whether it is for the page itself, not for a frame. */
  isMainFrame: boolean;
  /** The page's address. */
  pageUrl: string;
  /** The value of the Accept header. */
  accept: string;
}

/**
 * Decides how a request is handled. Blocked are pictures, fonts, media, reports, endless streams, and addresses other
 * than http and https. Frames of other sites are blocked too, because their content is not part of the page.
 */
function decideRequest({ kind, url, isMainFrame, pageUrl, accept }: BrowserRequest): RequestDecision {
  if (!/^https?:/i.test(url) || BLOCKED_KINDS.has(kind)) return 'block';
  if (kind === 'Document') return isMainFrame ? 'navigate' : isSameOrigin(url, pageUrl) ? 'fetch' : 'block';
  return /^(?:image\/|text\/event-stream)/i.test(accept.trim()) ? 'block' : 'fetch';
}

function isSameOrigin(url: string, other: string): boolean {
  return canParseUrl(url) && canParseUrl(other) && new URL(url).origin === new URL(other).origin;
}

/** The protocol's description of a request that waits for its response. */
interface PausedRequest {
  requestId: string;
  resourceType: string;
  frameId: string;
  request: {
    url: string;
    method: string;
    headers: Record<string, string>;
    postDataEntries?: { bytes?: string }[];
  };
}

/** Ends a page that navigates again and again. */
const MAX_NAVIGATIONS = 10;

/** Headers of the program's own connection, which do not apply to the browser's. Cookies are copied separately. */
const DROPPED_HEADERS =
  /^(?:content-encoding|content-length|transfer-encoding|connection|keep-alive|alt-svc|strict-transport-security)$/i;

interface NetworkOptions {
  fetcher: BrowserFetcher;
  subresources: SubresourceLoader;
  /** The page's main frame. */
  frameId: string;
  log(level: 'debug' | 'warn', message: string): void;
}

/** Answers all requests of one page. The browser has no network of its own (docs/contributing/adr/0005). */
export class PageNetwork {
  readonly #session: CDPSession;
  readonly #options: NetworkOptions;
  readonly #expected = new Map<string, FetchedPage>();
  #signal: AbortSignal = AbortSignal.abort();
  #pageUrl = '';
  #navigations = 0;
  #inFlight = 0;
  #lastAt = performance.now();
  /** Why a navigation of the page failed. */
  failure: ScrapeError | undefined;
  /** The page that was fetched last. */
  latest: FetchedPage | undefined;

  private constructor(session: CDPSession, options: NetworkOptions) {
    this.#session = session;
    this.#options = options;
  }

  static async start(session: CDPSession, options: NetworkOptions): Promise<PageNetwork> {
    const network = new PageNetwork(session, options);
    session.on('Fetch.requestPaused', (paused: unknown) => void network.#answer(paused as PausedRequest));
    await session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    return network;
  }

  /** Starts a page: requests from now on belong to `page`, or to a click on the current one. */
  begin(signal: AbortSignal, page?: FetchedPage): void {
    this.#signal = signal;
    this.#navigations = 0;
    this.failure = undefined;
    if (page === undefined) return;
    this.#options.subresources.begin();
    this.#expected.clear();
    this.#expected.set(toPageUrl(page.url), page);
  }

  /** How long no request has started or finished, in milliseconds; 0 while requests are active. */
  quietMs(): number {
    return this.#inFlight > 0 ? 0 : performance.now() - this.#lastAt;
  }

  async #answer(paused: PausedRequest): Promise<void> {
    this.#inFlight += 1;
    const signal = this.#signal;
    try {
      await this.#answerBy(paused, signal);
    } catch (error) {
      await this.#refuse(paused, error);
    } finally {
      this.#inFlight -= 1;
      this.#lastAt = performance.now();
    }
  }

  async #answerBy(paused: PausedRequest, signal: AbortSignal): Promise<void> {
    const { request, resourceType: kind, frameId } = paused;
    const headers = lowerCase(request.headers);
    const isMainFrame = frameId === this.#options.frameId;
    const decision = decideRequest({
      kind,
      url: request.url,
      isMainFrame,
      pageUrl: this.#pageUrl,
      accept: headers['accept'] ?? '',
    });
    if (decision === 'block') return this.#fail(paused, 'BlockedByClient');
    if (decision === 'navigate') return this.#navigate(paused, headers, signal);
    const isStatic = kind === 'Script' || kind === 'Stylesheet';
    const part = {
      url: request.url,
      method: request.method,
      headers,
      ...toRequestBody(paused),
      isPage: false,
    };
    const { status, headers: answered, body } = await this.#options.subresources.get(part, isStatic, signal);
    await this.#fulfil(paused, status, answered, body);
  }

  /** Handles a request for the page itself: a page already fetched, or one that a script or click leads to. */
  async #navigate(
    paused: PausedRequest,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<void> {
    const { url, method } = paused.request;
    const key = toPageUrl(url);
    this.#pageUrl = key;
    const expected = this.#expected.get(key);
    if (expected !== undefined) {
      this.#expected.delete(key);
      this.latest = expected;
      return this.#fulfil(paused, expected.status, omitHeader(expected.headers, 'set-cookie'), expected.body);
    }
    this.#navigations += 1;
    if (this.#navigations > MAX_NAVIGATIONS) throw tooManyNavigationsError(url);
    const { fetcher } = this.#options;
    if (method !== 'GET') {
      const part = { url, method, headers, ...toRequestBody(paused), isPage: true };
      const answer = await fetcher.fetchSubresource(part, signal);
      this.latest = { url: key, ...answer };
      return this.#fulfil(paused, answer.status, answer.headers, answer.body);
    }
    this.#options.log('debug', `the page navigates to ${redactUrl(url)}`);
    const page = await fetcher.get(url, { signal });
    if (page.url !== key) {
      this.#expected.set(page.url, page);
      return this.#fulfil(paused, 302, { location: page.url }, Buffer.alloc(0));
    }
    this.latest = page;
    return this.#fulfil(paused, page.status, page.headers, page.body);
  }

  async #refuse(paused: PausedRequest, error: unknown): Promise<void> {
    const isPage = paused.resourceType === 'Document' && paused.frameId === this.#options.frameId;
    if (error instanceof ScrapeError) {
      if (isPage) this.failure ??= error;
      else if (error.kind !== 'cancelled') {
        const level = error.kind === 'blocked_address' || error.kind === 'too_large' ? 'warn' : 'debug';
        this.#options.log(level, `not loaded for the page: ${error.message}`);
      }
    }
    await this.#fail(paused, isPage ? 'Aborted' : 'Failed').catch(() => undefined);
  }

  /** The page may have been closed meanwhile, so nothing waits for the response. */
  async #fulfil(
    paused: PausedRequest,
    status: number,
    headers: ResponseHeaders,
    body: Buffer,
  ): Promise<void> {
    await this.#session
      .send('Fetch.fulfillRequest', {
        requestId: paused.requestId,
        responseCode: status,
        responseHeaders: toHeaderEntries(headers),
        body: body.toString('base64'),
      })
      .catch(() => undefined);
  }

  async #fail(
    { requestId }: PausedRequest,
    errorReason: 'BlockedByClient' | 'Failed' | 'Aborted',
  ): Promise<void> {
    await this.#session.send('Fetch.failRequest', { requestId, errorReason }).catch(() => undefined);
  }
}

function toRequestBody({ request }: PausedRequest): { body?: Buffer } {
  const entries = request.postDataEntries ?? [];
  return entries.length === 0
    ? {}
    : { body: Buffer.concat(entries.map(({ bytes = '' }) => Buffer.from(bytes, 'base64'))) };
}

function toHeaderEntries(headers: ResponseHeaders): { name: string; value: string }[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    DROPPED_HEADERS.test(name)
      ? []
      : [value ?? []].flat().map((one) => ({ name, value: name === 'location' ? decodeLocation(one) : one })),
  );
}

function omitHeader(headers: ResponseHeaders, name: string): ResponseHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function tooManyNavigationsError(url: string): ScrapeError {
  return new ScrapeError(
    'redirect',
    `${redactUrl(url)}: the page navigated more than ${MAX_NAVIGATIONS} times`,
    {
      url: redactUrl(url),
      hint: 'Open the address in a browser, and use the address that it ends at.',
    },
  );
}

/** The number of concurrent requests that browsers send to a host. */
const MAX_CONCURRENT = 6;
/** Limits per page, higher than pages need: requests, and decompressed bytes. */
const MAX_REQUESTS = 2_000;
const MAX_BYTES = 100_000_000;
/** Scripts and styles cached for the run's next pages, in bytes. */
const MAX_CACHED_BYTES = 30_000_000;

/**
 * Fetches the subresources of pages: scripts, styles, data. A run's pages share most scripts, so each is fetched once.
 */
export class SubresourceLoader {
  readonly #fetcher: BrowserFetcher;
  readonly #turns = new Limiter(MAX_CONCURRENT);
  readonly #cached = new Map<string, Exchange>();
  #cachedBytes = 0;
  #requests = 0;
  #unpacked = 0;
  /** Bytes received since {@link begin}. */
  bytes = 0;

  constructor(fetcher: BrowserFetcher) {
    this.#fetcher = fetcher;
  }

  /** Resets the counts for another page. */
  begin(): void {
    this.#requests = 0;
    this.#unpacked = 0;
    this.bytes = 0;
  }

  /**
   * @param isStatic for scripts and styles, which are the same for all pages
   * @throws ScrapeError
   */
  async get(request: SubresourceRequest, isStatic: boolean, signal: AbortSignal): Promise<Exchange> {
    const isCacheable = isStatic && request.method === 'GET';
    const cached = isCacheable ? this.#cached.get(request.url) : undefined;
    if (cached !== undefined) return cached;
    this.#requests += 1;
    if (this.#requests > MAX_REQUESTS) throw limitError(request.url, `${MAX_REQUESTS} requests`);
    const answer = await this.#turns.run(() => {
      if (this.#unpacked > MAX_BYTES) throw limitError(request.url, `${MAX_BYTES / 1_000_000} MB`);
      return this.#fetcher.fetchSubresource(request, signal);
    });
    this.bytes += answer.bytes;
    this.#unpacked += answer.body.length;
    if (isCacheable) this.#keep(request.url, answer);
    return answer;
  }

  #keep(url: string, answer: Exchange): void {
    const isShort = answer.status !== 200 || /no-store/i.test(getHeader(answer.headers, 'cache-control'));
    if (isShort || this.#cachedBytes + answer.body.length > MAX_CACHED_BYTES) return;
    this.#cachedBytes += answer.body.length;
    this.#cached.set(url, answer);
  }
}

function limitError(url: string, limit: string): ScrapeError {
  return new ScrapeError('too_large', `the page needs more than ${limit}`, {
    url,
    hint: 'Everything beyond this limit is refused.',
  });
}
