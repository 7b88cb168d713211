import type { RequestSent } from '../core/config/scraper-protocol.ts';
import type { OutputFormat } from '../core/run/output-format.ts';
import type { OutputLocation } from '../core/run/output-location.ts';
import type { PageCache } from './cache/page-cache.ts';
import type { Backend } from './config/backend.ts';
import type { ScrapeConfig } from './config/config-schema.ts';
import type { Item } from './extract/item.ts';
import type { FetcherOptions } from './fetch/fetcher.ts';
import type { RetryPolicy } from './fetch/retry-policy.ts';
import type { RunCookies } from './fetch/run-cookies.ts';
import type { Conceal, Redact } from './redact.ts';
import type { ResumeOptions } from './resume/resume.ts';
import type { ScrapeStats } from './scrape-stats.ts';

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
  /** Follow no address that an expression computes (extract/page.ts). */
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

export interface ScrapeRequest extends PagesRequest {
  /** Where the rows go; null leaves them in the staging file. */
  output: (Pick<OutputLocation, 'file' | 'format'> & Partial<OutputLocation>) | null;
  /** `items.jsonl` of the run. */
  stagingFile: string;
  /** Lets the next attempt go on where this one ends; default: each begins anew. */
  resume?: ResumeOptions;
  /** Where it is noted what is about to be added to the output; default: nowhere, as nobody goes on. */
  appendRecordFile?: string;
  /** Names of the variables that its configuration fills in. */
  variables?: readonly string[];
  /** Called when all rows are staged, before any is written out: what it throws is why none is. */
  beforeOutput?(stats: ScrapeStats): void | Promise<void>;
}

export interface ScrapeResult {
  items: number;
  pages: number;
  bytes: number;
  output_path: string | null;
  output_format: OutputFormat | null;
  warnings: string[];
  /** By selector (config/fields-of.ts): how many elements it matched, over all pages. */
  matches: Record<string, number>;
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
