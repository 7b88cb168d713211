import * as z from 'zod';
import { type ChangeRules, changesInput, completeChanges } from '../../core/model/change-rules.ts';
import type { Expectations } from '../../core/model/expectations.ts';
import { historyInput } from '../../core/model/history-rules.ts';
import { formatFromPath, type OutputFormat } from '../../core/model/output-format.ts';
import { type ParamValues, paramsInput } from '../../core/model/params.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { type Authentication, authenticationInput, completeAuthentication } from './authentication.ts';
import { type Backend, backendInput, caInput, completeBackend, proxyInput } from './connection.ts';
import { type CrawlRules, completeCrawl, crawlInput } from './crawl-rules.ts';
import {
  completeFields,
  completePageFields,
  type FieldSelector,
  fieldRecord,
  type PageFacts,
} from './field.ts';
import { completeFollow, type Follow, followInput } from './follow.ts';
import { localeInput, webAddress } from './input-types.ts';
import { completeOutput, type OutputSettings, outputInput } from './output.ts';
import { elementSelector, pageSelector, scriptSelector } from './page-selector.ts';
import { completePagination, type Pagination, paginationInput } from './pagination.ts';
import {
  completeHeaders,
  completeRequest,
  headersInput,
  type RequestSettings,
  requestInput,
} from './request.ts';
import { completeSitemap, type SitemapSource, sitemapInput } from './sitemap.ts';
import { completeTable, type TableSource, tableInput } from './table-source.ts';
import { completeUrlsFrom, type UrlsFrom, urlsFromInput } from './urls-from.ts';
import { expectInput } from './value-rules.ts';

/** What a browser waits for before it treats a page as loaded. */
export type WaitFor = { seconds: number } | { selector: string };

/** Longer waits belong to `delays`. */
const MAX_SECONDS = 60;

const waitForInput = z
  .union([z.number().positive().max(MAX_SECONDS), pageSelector])
  .describe(`In a browser: what must be on the page, or how many seconds to wait (at most ${MAX_SECONDS})`);

function completeWaitFor(input: z.output<typeof waitForInput>): WaitFor {
  return typeof input === 'number' ? { seconds: input } : { selector: input };
}

/** `dedupe`: when two rows are duplicates. `true`: if all fields are equal; a list: if these fields are equal. */
export type Dedupe = true | readonly string[];

const dedupeInput = z
  .union([z.boolean(), z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe('Leave out duplicates: rows that are equal in these fields, or with true in all fields');

/** Returns undefined if no duplicates are to be dropped. */
function completeDedupe(input: z.output<typeof dedupeInput> | undefined): Dedupe | undefined {
  if (input === undefined || input === false) return undefined;
  return input === true ? true : [input].flat();
}

/** Seconds between two requests. */
export type Delays = { type: 'fixed'; value: number } | { type: 'random'; min: number; max: number };

/** Cleaning steps for every text value, in this order. */
export interface DataCleaning {
  strip_html: boolean;
  normalize_whitespace: boolean;
  trim: boolean;
  convert_numbers: boolean;
  convert_dates: boolean;
}

/**
 * A configuration after validation. It has the names of the YAML. Variables are filled in, defaults are applied, and
 * older names resolved (`url` → `urls`, `wait_time` → `delays`, `param` → `param_name`, `extract_html` → `html`).
 */
export interface ScrapeConfig extends PageFacts {
  name?: string;
  description?: string;
  /** The values of its parameters, where it declares some. */
  params?: ParamValues;
  /** At least one http or https address, unless a sitemap or `urls_from` lists them or `page_number` generates them. */
  urls: string[];
  /** Used instead of `urls`. */
  sitemap?: SitemapSource;
  /** Fills `urls` when a run begins. */
  urls_from?: UrlsFrom;
  /** What counts as its own addresses in place of `urls`, one an origin; present once `urls_from` has filled these. */
  own_urls?: string[];
  /** Follows all links from the start addresses on. */
  crawl?: CrawlRules;
  /** What a run does if one of several start addresses is missing. */
  on_missing: 'skip' | 'fail';
  /** What a run does if one of several pages cannot be fetched, though it is not missing. */
  on_error: 'skip' | 'fail';
  /** The script of a page that holds its JSON, for selectors after `json:`. */
  embedded?: string;
  /** The table whose rows are taken; used instead of `item`. Without fields, its header names them. */
  table?: TableSource;
  /** What holds one row: an element by CSS, or XPath after `xpath:`; data by JSONPath after `json:` and the like. */
  item?: string;
  /** Fields in the order in which they are written. */
  selectors: Record<string, FieldSelector>;
  /** Decides how ambiguous numbers and dates are read. */
  locale?: string;
  follow?: Follow;
  dedupe?: Dedupe;
  pagination: Pagination;
  headers: Record<string, string>;
  /** How the pages of the list are requested, if not by a plain GET. */
  request?: RequestSettings;
  /**
   * Names of headers, in lower case, into which variables are filled in (`user-agent` also for `user_agent`). Only the
   * configuration's own addresses receive them. Absent if there are none.
   */
  filled_headers?: string[];
  authentication?: Authentication;
  user_agent?: string;
  /** Address of the proxy for all requests. */
  proxy?: string;
  delays?: Delays;
  /** The most requests at a time to a host of its addresses; absent: one. */
  concurrency?: number;
  data_cleaning: DataCleaning;
  backend: Backend;
  wait_for?: WaitFor;
  output: OutputSettings;
  allow_private_hosts: string[];
  /** If absent, the settings decide (`applySettings`). */
  respect_robots?: boolean;
  /** File of certificate authorities (PEM), trusted in addition to the usual ones. */
  ca?: string;
  /** Time limit of a request, in seconds. */
  timeout?: number;
  /** Whether a job's next run starts with the cookies of this run. */
  keep_cookies: boolean;
  /** Whether a job's pages are saved, so that its next run can revalidate them. */
  cache: boolean;
  expect: Expectations;
  /** Which differences from the run before count. If absent, all do. */
  changes?: ChangeRules;
  /** The fields whose changed values a job keeps. */
  history?: readonly string[];
}

const seconds = z.number().nonnegative();

const MAX_CONCURRENCY = 32;

const delays = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('fixed').describe('The same delay between any two requests'),
    value: seconds.describe('Seconds between two requests'),
  }),
  z
    .strictObject({
      type: z.literal('random').describe('A random delay between min and max'),
      min: seconds.describe('Minimum, in seconds'),
      max: seconds.describe('Maximum, in seconds'),
    })
    .superRefine((delay, context) => {
      if (delay.min <= delay.max) return;
      context.addIssue({
        code: 'custom',
        path: ['min'],
        message: `min ${delay.min} is more than max ${delay.max}`,
      });
    }),
]);

const dataCleaning = z.strictObject({
  strip_html: z.boolean().default(false).describe('Remove markup from the text'),
  normalize_whitespace: z.boolean().default(true).describe('Replace each run of white space with one space'),
  trim: z.boolean().default(true).describe('Remove white space at both ends'),
  convert_numbers: z
    .boolean()
    .default(false)
    .describe('Convert a text that is a number into a number: £51.77 becomes 51.77'),
  convert_dates: z.boolean().default(false).describe('Write dates as 2026-11-25'),
});

/**
 * The configuration as users write it. Another check (cross-checks.ts) requires one of `url`, `urls`, `sitemap` and
 * `urls_from`, because a schema of single keys cannot express it.
 */
export const configSchema = z.strictObject({
  name: z.string().optional().describe('A name, for people'),
  description: z.string().optional().describe('A description, for people'),
  params: paramsInput().optional(),
  url: webAddress
    .optional()
    .describe(
      'Page to start from; this, urls, sitemap or urls_from is needed, unless pagination is page_number',
    ),
  urls: z.array(webAddress).min(1).optional().describe('Several pages to start from'),
  sitemap: sitemapInput.optional(),
  urls_from: urlsFromInput.optional(),
  crawl: crawlInput.optional(),
  on_missing: z
    .enum(['skip', 'fail'])
    .default('skip')
    .describe(
      'When a page of urls, urls_from, the sitemap or the crawl is missing: leave it out, or fail the run. When most are missing the run fails either way',
    ),
  on_error: z
    .enum(['skip', 'fail'])
    .optional()
    .describe(
      'When such a page fails in another way, after retries: leave it out with those after it, or fail the run; default: as on_missing. When most fail, or five in a row, the attempt fails either way',
    ),
  embedded: scriptSelector
    .optional()
    .describe(
      'The script that holds the JSON of a page, for selectors after json:, such as script#__NEXT_DATA__',
    ),
  item: elementSelector
    .optional()
    .describe(
      'What holds one row: CSS selector, XPath after xpath:, or JSONPath after json:, such as json:$.results[*]',
    ),
  table: tableInput.optional(),
  selectors: fieldRecord.optional().describe('Fields of a row; needed, unless table is given'),
  locale: localeInput.optional(),
  follow: followInput.optional(),
  dedupe: dedupeInput.optional(),
  pagination: paginationInput.optional().describe('How to get from one page to the next'),
  headers: headersInput.optional().describe('HTTP headers sent with every request'),
  request: requestInput.optional(),
  authentication: authenticationInput.optional().describe('How to sign in'),
  user_agent: z
    .string()
    .min(1)
    .refine((value) => !/[\r\n\0]/.test(value), 'a user agent cannot contain a line break')
    .optional()
    .describe('How requests introduce themselves to the site (User-Agent); include how to reach you'),
  proxy: proxyInput.optional(),
  ca: caInput.optional(),
  delays: delays.optional().describe('Seconds between two requests'),
  wait_time: seconds.optional().describe('Older name of a fixed delay, in seconds'),
  concurrency: z
    .int()
    .min(1)
    .max(MAX_CONCURRENCY)
    .optional()
    .describe('For your own sites: the most requests at a time, fewer while the site is slow'),
  data_cleaning: dataCleaning.prefault({}).describe('Cleaning steps for every text, in this order'),
  backend: backendInput,
  wait_for: waitForInput.optional(),
  output: outputInput.prefault({}).describe('Where and how the rows are written'),
  allow_private_hosts: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Hosts in private networks that may be reached besides those named in url, and hosts of one word',
    ),
  respect_robots: z.boolean().optional().describe('Respect robots.txt'),
  timeout: z.number().positive().max(3600).optional().describe('Seconds a request may take'),
  keep_cookies: z
    .boolean()
    .default(true)
    .describe('A job’s next run begins with the cookies of the last one'),
  cache: z
    .boolean()
    .default(true)
    .describe('A job caches its pages, and fetches again only those that have changed since'),
  expect: expectInput.prefault({}).describe('What a run must deliver to count as successful'),
  changes: changesInput().optional(),
  history: historyInput().optional(),
});

/** Resolves the older names. `input` has passed the schema and the checks of exclusive keys. */
export function completeConfig(input: z.output<typeof configSchema>): ScrapeConfig {
  const { name, description, item, user_agent, locale, concurrency = 1 } = input;
  const dedupe = completeDedupe(input.dedupe);
  const { selectors = {} } = input;
  const delay = input.delays ?? (input.wait_time === undefined ? undefined : fixedDelay(input.wait_time));
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    urls: input.urls ?? (input.url === undefined ? [] : [input.url]),
    ...(input.sitemap !== undefined && { sitemap: completeSitemap(input.sitemap) }),
    ...(input.urls_from !== undefined && { urls_from: completeUrlsFrom(input.urls_from) }),
    ...(input.crawl !== undefined && { crawl: completeCrawl(input.crawl) }),
    on_missing: input.on_missing,
    on_error: input.on_error ?? input.on_missing,
    ...(input.embedded !== undefined && { embedded: input.embedded }),
    ...(item !== undefined && { item }),
    ...(input.table !== undefined && { table: completeTable(input.table) }),
    selectors: completeFields(selectors),
    ...completePageFields(selectors),
    ...(locale !== undefined && { locale }),
    ...(input.follow !== undefined && { follow: completeFollow(input.follow) }),
    ...(dedupe !== undefined && { dedupe }),
    pagination: completePagination(input.pagination),
    headers: completeHeaders(input.headers),
    ...(input.request !== undefined && { request: completeRequest(input.request) }),
    ...(input.authentication !== undefined && {
      authentication: completeAuthentication(input.authentication),
    }),
    ...(user_agent !== undefined && { user_agent }),
    ...(input.proxy !== undefined && { proxy: input.proxy }),
    ...(input.ca !== undefined && { ca: input.ca }),
    ...(delay !== undefined && { delays: delay }),
    ...(concurrency > 1 && { concurrency }),
    data_cleaning: input.data_cleaning,
    backend: completeBackend(input.backend),
    ...(input.wait_for !== undefined && { wait_for: completeWaitFor(input.wait_for) }),
    output: completeOutput(input.output),
    allow_private_hosts: input.allow_private_hosts,
    ...(input.respect_robots !== undefined && { respect_robots: input.respect_robots }),
    ...(input.timeout !== undefined && { timeout: input.timeout }),
    keep_cookies: input.keep_cookies,
    cache: input.cache,
    expect: input.expect,
    ...(input.changes && { changes: completeChanges(input.changes) }),
    ...(input.history !== undefined && { history: [input.history].flat() }),
  };
}

function fixedDelay(value: number): Delays {
  return { type: 'fixed', value };
}

/** A configuration with every setting filled in. */
export type CompleteConfig = ScrapeConfig & {
  timeout: number;
  respect_robots: boolean;
  /** The setting; null means that the program is searched for. */
  browser_path: string | null;
  output: OutputSettings & { format: OutputFormat };
};

/**
 * Fills in what a configuration leaves open from the home's settings: timeout, robots.txt, user agent and format. The
 * ending of the output path takes precedence over the format of the settings.
 */
export function applySettings(config: ScrapeConfig, settings: Pick<Settings, 'get'>): CompleteConfig {
  const { format = formatFromPath(config.output.path ?? '') } = config.output;
  const userAgent = config.user_agent ?? settings.get('user_agent');
  return {
    ...config,
    timeout: config.timeout ?? settings.get('request_timeout'),
    respect_robots: config.respect_robots ?? settings.get('respect_robots'),
    browser_path: settings.get('browser_path'),
    ...(userAgent !== null && { user_agent: userAgent }),
    output: { ...config.output, format: format ?? settings.get('default_output_format') },
  };
}
