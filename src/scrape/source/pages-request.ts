import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Backend } from '../config/connection.ts';
import type { PageCache } from '../http/cache/page-cache.ts';
import type { RetryPolicy } from '../http/exchange-with-retries.ts';
import type { FetcherOptions } from '../http/fetcher.ts';
import type { RunCookies } from '../http/run-cookies.ts';
import type { Item } from '../lib/page.ts';
import type { Conceal, Redact } from '../lib/redact.ts';

export interface Progress {
  pages: number;
  items: number;
  /** Received on the wire. */
  bytes: number;
  /** At most; null when nobody can tell. */
  total_pages: number | null;
  /** The page that was just read. */
  url: string;
}

/** Takes the rows of one page after the other. */
export interface RowSink {
  add(rows: readonly Item[]): Promise<void>;
}

/** Which pages to fetch, and how. */
export interface PagesRequest {
  config: ScrapeConfig & { browser_path?: string | null };
  /** Over all start addresses. */
  maxPages?: number;
  /** Stop after this many items. */
  sample?: number;
  /** Follow the links of so many rows; the others get empty fields. Default: of all. */
  maxDetails?: number;
  /** Instead of the configuration's delays. */
  delaySeconds?: number;
  requestTimeoutSeconds?: number;
  userAgent?: string;
  respectRobots?: boolean;
  /** Instead of the configuration's. */
  backend?: Backend;
  /** How often and how soon a failed request is sent again; default 4 times, from half a second on. */
  retries?: RetryPolicy;
  /** What the run begins with and adds to; default none. */
  cookies?: RunCookies;
  /** Pages of earlier runs; default none. */
  cache?: PageCache;
  /** Told of each request before it is sent; default: nobody is. */
  onSent?: (sent: RequestSent) => void;
  /** Leaves out of pages what selectors must not see; default: they see all. */
  conceal?: Conceal;
  /** Follow no address that an expression computes (extract/read-link.ts). */
  writtenLinksOnly?: boolean;
  /** Writes references for what variables filled in, where rows hold the address of their page (`{page: url}`). */
  unfill?: Redact;
  /** Leaves the same out of what is said of addresses that were fetched. */
  redact?: Redact;
  signal: AbortSignal;
  /** Called after each page. */
  onProgress(progress: Progress): void;
  /** @param ofPages whether it says only what selectors saw of pages, `conceal` and all */
  log(level: 'info' | 'warn' | 'error' | 'debug', message: string, ofPages?: boolean): void;
}

/** What the request says goes before what the configuration says. */
export function toFetcherOptions(request: PagesRequest): FetcherOptions {
  const { config, delaySeconds } = request;
  return {
    ownUrls: ownUrls(config),
    allowPrivateHosts: config.allow_private_hosts,
    proxy: config.proxy,
    ca: config.ca,
    userAgent: request.userAgent ?? config.user_agent,
    headers: config.headers,
    ...(config.authentication?.type === 'http_basic' && { basic: config.authentication }),
    respectRobots: request.respectRobots ?? config.respect_robots ?? true,
    delays: delaySeconds === undefined ? config.delays : { type: 'fixed', value: delaySeconds },
    timeoutMs: 1000 * (request.requestTimeoutSeconds ?? config.timeout ?? 30),
    ...(request.retries !== undefined && { retries: request.retries }),
    ...(request.cookies !== undefined && { cookies: request.cookies }),
    ...(request.cache !== undefined && { cache: request.cache }),
    ...(request.onSent !== undefined && { onSent: request.onSent }),
    log: (level, message) => request.log(level, message),
  };
}

function ownUrls({ urls, sitemap, pagination, authentication }: ScrapeConfig): string[] {
  const own = sitemap === undefined ? [...urls] : [...urls, sitemap.url];
  if (authentication?.type === 'form') own.push(authentication.login_url);
  if (pagination.type !== 'page_number') return own;
  return [...own, pagination.url_template.replaceAll('{page}', '1')];
}
