import type { RequestSent } from '../../core/configs/scraper-protocol.ts';
import { type Conceal, createConcealer, type Redact } from '../../core/lib/redact.ts';
import type { AddressAccess } from '../addresses/list-start-urls.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Backend } from '../config/connection.ts';
import { isBrowserPagination } from '../config/pagination.ts';
import type { PageCache } from '../http/cache/page-cache.ts';
import type { FetcherOptions } from '../http/fetcher.ts';
import { createRequestTemplate } from '../http/page-request.ts';
import type { RetryPolicy } from '../http/retry-request.ts';
import type { RunCookies } from '../http/run-cookies.ts';
import type { Item } from '../lib/page.ts';
import { parseDataSelector } from '../selectors/data-selector.ts';

export interface Progress {
  pages: number;
  items: number;
  /** Bytes received. */
  bytes: number;
  /** How many pages are fetched in all, as far as they are known; null if the end is not known. */
  total_pages: number | null;
  /** The page that was read last. */
  url: string;
}

/** Receives the rows of one page after the other. */
export interface RowSink {
  add(rows: readonly Item[]): Promise<void>;
}

/** Which pages to fetch, and how. */
export interface PagesRequest {
  config: ScrapeConfig & { browser_path?: string | null };
  /** Where `urls_from` finds what it names; default: nowhere. */
  addresses?: AddressAccess;
  /** Limit over all start addresses. */
  maxPages?: number;
  /** Stop after this many items. */
  sample?: number;
  /** Follow the links of this many rows; the others get empty fields. Default: all. */
  maxDetails?: number;
  /** The private hosts that this machine lets any configuration reach; default: all. */
  machineHosts?: readonly string[];
  /** Where an answer lies that is larger than a page. Without it, only the first rows of such an answer are read. */
  answerFile?: string;
  /** Overrides the configuration's delays. */
  delaySeconds?: number;
  requestTimeoutSeconds?: number;
  userAgent?: string;
  respectRobots?: boolean;
  /** Overrides the configuration's backend. */
  backend?: Backend;
  /** How often and how soon a failed request is retried; default: 4 times, starting after half a second. */
  retries?: RetryPolicy;
  /** The cookies that the run starts with and adds to; default: none. */
  cookies?: RunCookies;
  /** Pages of earlier runs; default none. */
  cache?: PageCache;
  /** Called with each request before it is sent; optional. */
  onSent?: (sent: RequestSent) => void;
  /** Called with the address of each page that is requested as the configuration says (`request`); optional. */
  onPageRequest?: (address: string) => void;
  /** Removes from pages what selectors must not match; default: nothing. */
  conceal?: Conceal;
  /** Removes more from pages, after they were rendered; default: what `conceal` removes. */
  concealPages?: Conceal | undefined;
  /** Follow no address that an expression computes (extract/read-link.ts). */
  writtenLinksOnly?: boolean;
  /** Replaces the values of variables by references, in rows that contain their page's address (`{page: url}`). */
  unfill?: Redact;
  /** Removes the values of variables from messages about fetched addresses. */
  redact?: Redact;
  signal: AbortSignal;
  /** Called after each page. */
  onProgress(progress: Progress): void;
  /** Called when a browser is started. */
  onBrowser?(): void;
  /** @param ofPages whether the message contains only what selectors matched on pages, after `conceal` */
  log(level: 'info' | 'warn' | 'error' | 'debug', message: string, ofPages?: boolean): void;
}

/** Values of the request override those of the configuration. */
export function toFetcherOptions(request: PagesRequest): FetcherOptions {
  const { config, delaySeconds } = request;
  return {
    ownUrls: ownUrls(config),
    allowPrivateHosts: config.allow_private_hosts,
    ...(request.machineHosts !== undefined && { machineHosts: request.machineHosts }),
    proxy: config.proxy,
    ca: config.ca,
    userAgent: request.userAgent ?? config.user_agent,
    headers: { ...(readsJson(config) && { accept: JSON_ACCEPT }), ...config.headers },
    ownHeaders: (config.filled_headers ?? []).filter(
      (name) => name !== 'user-agent' || request.userAgent === undefined,
    ),
    ...(config.authentication?.type === 'http_basic' && { basic: config.authentication }),
    respectRobots: request.respectRobots ?? config.respect_robots ?? true,
    delays: delaySeconds === undefined ? config.delays : { type: 'fixed', value: delaySeconds },
    concurrency: getConcurrency(request),
    timeoutMs: 1000 * (request.requestTimeoutSeconds ?? config.timeout ?? 30),
    ...(request.retries !== undefined && { retries: request.retries }),
    ...(request.cookies !== undefined && { cookies: request.cookies }),
    ...(request.cache !== undefined && { cache: request.cache }),
    ...(request.onSent !== undefined && { onSent: request.onSent }),
    request: createRequestTemplate(config),
    onPageRequest: request.onPageRequest,
    log: (level, message) => request.log(level, message),
  };
}

/** How many pages may be requested at a time: a browser shows one after the other. */
export function getConcurrency({ config, backend = config.backend }: PagesRequest): number {
  const isBrowser = backend === 'browser' || isBrowserPagination(config.pagination);
  return isBrowser ? 1 : (config.concurrency ?? 1);
}

/** Many services answer a browser with a page about themselves. */
const JSON_ACCEPT = 'application/json,text/html;q=0.8,*/*;q=0.5';

/** Whether pages are JSON, and not pages with JSON in them. */
function readsJson({ item = '', embedded, selectors }: ScrapeConfig): boolean {
  if (embedded !== undefined) return false;
  const all = [item, ...Object.values(selectors).map(({ selector }) => selector)];
  return all.some((selector) => parseDataSelector(selector)?.source === 'json');
}

function ownUrls({ urls, own_urls, sitemap, pagination, authentication }: ScrapeConfig): string[] {
  const own = sitemap === undefined ? [...(own_urls ?? urls)] : [...urls, sitemap.url];
  if (authentication?.type === 'form') own.push(authentication.login_url);
  if (pagination.type !== 'page_number') return own;
  return [...own, pagination.url_template.replaceAll('{page}', '1')];
}

/**
 * How pages are visited for a client's configuration. Neither rows nor the site's own links reveal the values of
 * variables to the client.
 */
type Concealment = Required<Pick<PagesRequest, 'conceal' | 'redact' | 'writtenLinksOnly'>>;

/**
 * Creates the concealment for a configuration text that a program saved, whichever client runs it.
 * @param values the inserted values, by variable
 * @param redactSparing removes them from messages (config/parse-config.ts)
 * @param written secrets that are written in the text, which are concealed with them
 * @returns undefined if no inserted value is a secret
 */
export function createConcealment(
  values: Readonly<Record<string, string>>,
  redactSparing: Redact,
  written: Readonly<Record<string, string>> = {},
): Concealment | undefined {
  if (createConcealer(values) === undefined) return undefined;
  const conceal = createConcealer({ ...values, ...written });
  return conceal && { conceal, redact: redactSparing, writtenLinksOnly: true };
}

/** Describes the concealment for a person. */
export function describeConcealment(values: Readonly<Record<string, string>>): string {
  const names = Object.keys(values).map((name) => `\${${name}}`);
  return (
    `an assistant's program saved this configuration: rows say ${names.join(', ')} and not the values. ` +
    'Once you have changed a value of the configuration yourself, rows say the values.'
  );
}
