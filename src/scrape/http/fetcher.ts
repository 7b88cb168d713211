import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import type { Delays } from '../config/config-schema.ts';
import { AddressPolicy } from '../lib/address-policy.ts';
import { parseUrl, redactUrl, toPageUrl } from '../lib/page-url.ts';
import { throwIfCancelled } from '../lib/scrape-error.ts';
import type { PageCache, PageResponse } from './cache/page-cache.ts';
import type { BodyStream } from './content-coding.ts';
import { createTransport } from './create-transport.ts';
import type { ResponseHeaders } from './dispatch-request.ts';
import { type Exchange, type ExchangeOptions, exchange } from './exchange.ts';
import type { Transport } from './guarded-connector.ts';
import type { Pace } from './host-gate.ts';
import {
  buildRequest,
  followRedirect,
  foreignRequestError,
  type PageRequest,
  type RequestTemplate,
  withPlaceholder,
} from './page-request.ts';
import { getRedirectTarget, getRefreshTarget } from './redirect.ts';
import {
  chooseUserAgent,
  createFormHeaders,
  DEFAULT_USER_AGENT,
  type FormPost,
  RequestHeaders,
  refuseFormResendError,
} from './request-headers.ts';
import { RequestPacing } from './request-pacing.ts';
import {
  DEFAULT_RETRIES,
  exchangeWithRetries,
  formatRetryAfter,
  httpError,
  type RetryPolicy,
} from './retry-request.ts';
import { MAX_ROBOTS_BYTES, RobotsRules } from './robots.ts';
import { RunCookies } from './run-cookies.ts';

export interface FetcherOptions {
  /** The configuration's own addresses. Their hosts may be private, and only they receive its headers. */
  ownUrls: readonly string[];
  allowPrivateHosts?: readonly string[];
  /** The private hosts that this machine lets any configuration reach; default: all. */
  machineHosts?: readonly string[];
  /** All requests go through this proxy. The address may contain a name and a password. */
  proxy?: string | undefined;
  /** File of certificate authorities (PEM) that are trusted in addition to the default ones. */
  ca?: string | undefined;
  /** Default: the User-Agent among the headers, else one that names this program. */
  userAgent?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  /** Names of headers, in lower case, that only the hosts of `ownUrls` receive; `user-agent` may be among them. */
  ownHeaders?: readonly string[];
  /** HTTP Basic, for the hosts of `ownUrls`. */
  basic?: { username: string; password: string };
  /** Default true. */
  respectRobots?: boolean;
  delays?: Delays | undefined;
  /** How many requests at a time a host of `ownUrls` may get; default 1. */
  concurrency?: number | undefined;
  /** How long a site may be silent, in milliseconds; default 30,000. */
  timeoutMs?: number;
  retries?: RetryPolicy;
  /** How the pages of a list are requested; default: by a plain GET. */
  request?: RequestTemplate | undefined;
  /** Called with the address of each page that is requested so. */
  onPageRequest?: ((address: string) => void) | undefined;
  /** Default: no cookies at the start. */
  cookies?: RunCookies;
  /** Pages of earlier runs, for conditional requests. */
  cache?: PageCache;
  /** Called with each request before it is sent, including robots.txt and retries. */
  onSent?: (sent: RequestSent) => void;
  log?(level: 'debug' | 'info' | 'warn', message: string): void;
}

export interface FetchedPage {
  /** The page's address after redirects. */
  url: string;
  /** A 2xx status. */
  status: number;
  headers: ResponseHeaders;
  /** Decompressed. `bytes` is the size as received. */
  body: Buffer;
  bytes: number;
  /** The site reported that the page is unchanged since an earlier run. The body is then that of the earlier run. */
  unchanged?: true;
  /** The page was rendered by its scripts, in a browser. */
  scripted?: true;
  /** What the browser showed, if that was wanted. */
  picture?: { mime_type: string; data: string; width: number; height: number };
  /** The number of clicks and scrolls in a browser that loaded more content. */
  grown?: number;
  /** What was sent for it, unless it was a plain GET: `POST https://shop.example/api (page 2)`. */
  sentAs?: string;
}

/**
 * Fetches pages politely, for one run. Cookies, connections, robots.txt and request delays last as long as the fetcher.
 */
export interface Fetcher {
  /**
   * Fetches one page.
   * @param options.ignoreRobots for the page of a sign-in, which a person named
   * @param options.stream for content larger than a page; the body of the returned page is then empty
   * @param options.list set for a page of the list: it is requested as the configuration says (`request`)
   * @throws ScrapeError of any kind but `no_items` and `output`
   */
  get(
    url: string,
    options: { signal: AbortSignal; ignoreRobots?: boolean; stream?: BodyStream; list?: object },
  ): Promise<FetchedPage>;
  /**
   * Sends a form once, and follows its redirects.
   * @throws ScrapeError as `get` does
   */
  submit(form: FormPost, signal: AbortSignal): Promise<FetchedPage>;
  /** Whether an address belongs to the configuration's own hosts. */
  isOwn(url: URL): boolean;
  /** Closes every connection. */
  close(): Promise<void>;
}

/** The parts of a fetcher that a browser uses for its connections. */
export interface BrowserFetcher extends Fetcher {
  /**
   * Sends one request that a page made itself. Redirects and error statuses are returned as responses.
   * @throws ScrapeError
   */
  fetchSubresource(request: SubresourceRequest, signal: AbortSignal): Promise<Exchange>;
  /**
   * Waits until the host of `url` may receive the next request.
   * @throws ScrapeError `cancelled`
   */
  throttle(url: string, signal: AbortSignal): Promise<void>;
  readonly cookies: RunCookies;
  /** What scripts may read: if the configured one is for own hosts only, it is the program's. */
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/** A request that a page makes in a browser. */
export interface SubresourceRequest {
  url: string;
  method: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body?: Buffer;
  /** Whether the request is for a page. Only then do robots.txt and the configured delays apply. */
  isPage: boolean;
}

/**
 * Creates the fetcher of one run. Addresses are checked when they are used.
 * @throws ScrapeError `config` for a `ca` that cannot be used
 */
export function createFetcher(options: FetcherOptions): BrowserFetcher {
  return new HttpFetcher(options);
}

class HttpFetcher implements BrowserFetcher {
  readonly cookies: RunCookies;
  readonly userAgent: string;
  readonly timeoutMs: number;
  readonly #policy: AddressPolicy;
  readonly #transport: Transport;
  readonly #pacing: RequestPacing;
  readonly #headers: RequestHeaders;
  readonly #robots?: RobotsRules;
  readonly #retries: RetryPolicy;
  readonly #cache: PageCache | undefined;
  readonly #request: RequestTemplate | undefined;
  readonly #onPageRequest: FetcherOptions['onPageRequest'];
  readonly #log: NonNullable<FetcherOptions['log']>;

  constructor(options: FetcherOptions) {
    const headers = options.headers ?? {};
    const userAgent = chooseUserAgent(options.userAgent, headers);
    const ownHeaders = new Set(options.ownHeaders);
    this.userAgent = ownHeaders.has('user-agent') ? DEFAULT_USER_AGENT : userAgent;
    this.cookies = options.cookies ?? new RunCookies();
    this.#cache = options.cache;
    this.#request = options.request;
    this.#onPageRequest = options.onPageRequest;
    this.timeoutMs = options.timeoutMs ?? 30_000;
    this.#policy = new AddressPolicy(options.ownUrls, options.allowPrivateHosts ?? [], options.machineHosts);
    this.#transport = createTransport({ ...options, policy: this.#policy, timeoutMs: this.timeoutMs });
    this.#headers = new RequestHeaders({
      userAgent,
      headers,
      ownHeaders,
      ownUrls: options.ownUrls,
      ...(options.basic !== undefined && { basic: options.basic }),
    });
    this.#retries = options.retries ?? DEFAULT_RETRIES;
    this.#log = options.log ?? (() => undefined);
    this.#pacing = new RequestPacing({
      delays: options.delays,
      concurrency: options.concurrency ?? 1,
      momentMs: this.#retries.baseMs,
      isOwn: (url) => this.isOwn(url),
      isLocal: (url) => this.#policy.isLocal(url.hostname),
      log: this.#log,
    });
    if (options.respectRobots !== false) {
      this.#robots = new RobotsRules(userAgent, (url, signal) => this.#loadRobots(url, signal));
    }
  }

  async get(
    address: string,
    { signal, ignoreRobots = false, stream, list }: Parameters<Fetcher['get']>[1],
  ): Promise<FetchedPage> {
    const template = list === undefined ? undefined : this.#request;
    const first = template && buildRequest(template, address);
    if (first !== undefined) this.#onPageRequest?.(address);
    let request = first;
    let url = parseUrl(first?.url ?? address);
    for (let hops = 0; ; hops++) {
      throwIfCancelled(signal);
      if (request !== undefined && request.method !== 'GET' && !this.isOwn(url))
        throw foreignRequestError(request, url);
      const pace = await this.#getPace(url, signal, ignoreRobots);
      // The page of a sign-in contains a one-time token, and content larger than a page is not cached.
      const mayCache =
        !ignoreRobots && stream === undefined && (request ?? { method: 'GET' }).method === 'GET';
      const how = { cache: mayCache ? this.#cache : undefined, stream, request };
      const send = () => this.#sendForPage(url, signal, how);
      let answer = await this.#ask(url, signal, pace, send, request?.mayRepeat);
      if (answer.mustRetry) answer = await this.#ask(url, signal, pace, send);
      const target = getRedirectTarget(url, answer, hops) ?? getRefreshTarget(url, answer, hops);
      if (target === undefined) {
        const page = toPage(url, answer);
        if (template === undefined || first === undefined) return page;
        const known = hops === 0 ? toPageUrl(address) : withPlaceholder(page.url, template, address);
        return { ...page, url: known, sentAs: first.label };
      }
      this.#log('debug', `${redactUrl(url)}: HTTP ${answer.status}, redirected to ${redactUrl(target)}`);
      request = request && followRedirect(request, answer.status, url, target);
      url = target;
    }
  }

  async submit(form: FormPost, signal: AbortSignal): Promise<FetchedPage> {
    const url = parseUrl(form.url);
    const pace = await this.#getPace(url, signal, true);
    // Never retried: most sites count wrong passwords.
    const options = { headers: createFormHeaders(form), method: 'POST', body: Buffer.from(form.body) };
    const answer = await this.#pacing.send(url, pace, signal, () => this.#send(url, signal, options));
    const target = getRedirectTarget(url, answer, 0) ?? getRefreshTarget(url, answer, 0);
    if (target === undefined) return toPage(url, answer);
    if (answer.status === 307 || answer.status === 308) throw refuseFormResendError(url, target);
    return this.get(target.href, { signal, ignoreRobots: true });
  }

  isOwn(url: URL): boolean {
    return this.#headers.isOwn(url);
  }

  async fetchSubresource(request: SubresourceRequest, signal: AbortSignal): Promise<Exchange> {
    const url = parseUrl(request.url);
    if (request.isPage) await this.throttle(url.href, signal);
    const { method, body } = request;
    const answer = await exchange(this.#transport, url, {
      headers: this.#headers.forSubresource(url, request.headers),
      signal,
      timeoutMs: this.timeoutMs,
      method,
      ...(body !== undefined && { body }),
      anyStatus: true,
    });
    this.cookies.storeFrom(url, answer.headers);
    return answer;
  }

  async throttle(address: string, signal: AbortSignal): Promise<void> {
    const url = parseUrl(address);
    await this.#pacing.wait(url, await this.#getPace(url, signal), signal);
  }

  async close(): Promise<void> {
    this.#pacing.end();
    await this.#transport.destroy();
  }

  /** @throws ScrapeError `robots` */
  async #getPace(url: URL, signal: AbortSignal, ignoreRobots = false): Promise<Pace> {
    const crawlDelayMs = ignoreRobots ? 0 : ((await this.#robots?.check(url, signal)) ?? 0);
    return this.#pacing.paceOf(url, crawlDelayMs);
  }

  /**
   * One hop, with its retries, each in its turn.
   * @param mayRepeat whether it may be sent more than once
   */
  #ask(
    url: URL,
    signal: AbortSignal,
    pace: Pace,
    send: () => Promise<PageResponse>,
    mayRepeat = true,
  ): Promise<PageResponse> {
    const sendInTurn = () => this.#pacing.send(url, pace, signal, send);
    return this.#withRetries(url, signal, sendInTurn, mayRepeat ? this.#retries : NO_RETRIES);
  }

  /** robots.txt is one request per host and run: it neither waits nor delays the page. */
  async #loadRobots(address: URL, signal: AbortSignal): Promise<Exchange> {
    let url = address;
    for (let hops = 0; ; hops++) {
      const send = () => this.#send(url, signal, { cutAt: MAX_ROBOTS_BYTES });
      const answer = await this.#withRetries(url, signal, send);
      const target = getRedirectTarget(url, answer, hops);
      if (target === undefined) return answer;
      url = target;
    }
  }

  #withRetries<T extends Exchange>(
    url: URL,
    signal: AbortSignal,
    send: () => Promise<T>,
    policy = this.#retries,
  ): Promise<T> {
    const onRetry = (line: string) => this.#log('warn', line);
    return exchangeWithRetries(url, send, { policy, signal, onRetry });
  }

  #sendForPage(
    url: URL,
    signal: AbortSignal,
    { cache, stream, request }: PageSending,
  ): Promise<PageResponse> {
    const body = request?.body === undefined ? {} : { body: Buffer.from(request.body) };
    const how = { more: request?.headers, ...(request && { method: request.method }), ...body };
    if (cache === undefined) return this.#send(url, signal, { ...how, ...(stream && { stream }) });
    const asked = {
      url,
      headers: this.#headers.for(url, '', request?.headers),
      cookie: this.cookies.headerFor(url),
    };
    return cache.fetch(asked, (headers) => this.#send(url, signal, { ...how, headers }));
  }

  /** @param options.more headers of the configuration's request */
  async #send(
    url: URL,
    signal: AbortSignal,
    { more, ...options }: Partial<ExchangeOptions> & { more?: PageRequest['headers'] | undefined } = {},
  ): Promise<Exchange> {
    const headers = { ...this.#headers.for(url, this.cookies.headerFor(url), more), ...options.headers };
    const answer = await exchange(this.#transport, url, {
      ...options,
      headers,
      signal,
      timeoutMs: this.timeoutMs,
    });
    this.cookies.storeFrom(url, answer.headers);
    return answer;
  }
}

const NO_RETRIES: RetryPolicy = { retries: 0, baseMs: 0 };

/** How one hop to a page is sent. */
interface PageSending {
  cache: PageCache | undefined;
  stream: BodyStream | undefined;
  request: PageRequest | undefined;
}

function toPage(url: URL, { status, headers, body, bytes, unchanged }: PageResponse): FetchedPage {
  if (status < 200 || status >= 300) throw httpError(url, status, formatRetryAfter(headers));
  url.hash = '';
  return { url: url.href, status, headers, body, bytes, ...(unchanged && { unchanged }) };
}
