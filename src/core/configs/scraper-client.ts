import type * as z from 'zod';
import { type Issue, QuickscrapeError } from '../lib/errors.ts';
import { describeReinstall } from '../lib/installation.ts';
import { tryParseJson } from '../lib/json.ts';
import { Limiter } from '../lib/limiter.ts';
import { type ExamineResponse, examineResponse } from './examined-home.ts';
import { type FindResponse, findResponse } from './found-selectors.ts';
import { takeInspector } from './idle-inspector.ts';
import { InspectorProcess } from './inspector-process.ts';
import {
  type CheckResponse,
  type CompareRequest,
  type CompareResponse,
  checkResponse,
  compareResponse,
  type ExportRequest,
  type ExportResponse,
  errorResponseSchema,
  exportResponse,
  type FindRequest,
  type PageRequest,
  progressLine,
  type RequestSent,
  type ScraperRequest,
  type SuggestRequest,
  sentLine,
  shareLine,
  type TestProgress,
  type TestRequest,
  type TestResponse,
  testResponse,
} from './scraper-protocol.ts';
import { type PageResponse, pageResponse } from './shown-page.ts';
import { type SuggestResponse, suggestResponse } from './suggest-response.ts';

const CHECK_TIMEOUT_MS = 10_000;
const TEST_TIMEOUT_MS = 50_000;
/** A kept page is read without a site. */
const KEPT_TIMEOUT_MS = 20_000;
/** Only for an export that hangs: one of ten million rows takes some minutes. */
const EXPORT_TIMEOUT_MS = 60 * 60_000;
/**
 * The maximum number of concurrent requests of each kind; others wait. Each request needs a process and perhaps a
 * gigabyte. Checks are short, so they do not wait for test runs.
 */
const MAX_CONCURRENT = 2;
const LIMITERS = {
  check: new Limiter(MAX_CONCURRENT),
  test: new Limiter(MAX_CONCURRENT),
  propose: new Limiter(MAX_CONCURRENT),
  page: new Limiter(MAX_CONCURRENT),
  compare: new Limiter(MAX_CONCURRENT),
  examine: new Limiter(MAX_CONCURRENT),
  find: new Limiter(MAX_CONCURRENT),
  export: new Limiter(MAX_CONCURRENT),
};

export interface ScraperRequestOptions {
  /** Ends the request at once. */
  signal?: AbortSignal | undefined;
  /** The time limit, in milliseconds. */
  limitMs?: number;
  /** Called for each web request that is sent to answer. */
  onSent?: ((sent: RequestSent) => void) | undefined;
  /** Called for each page that a test run on live pages has read. */
  onPage?: ((progress: TestProgress) => void) | undefined;
  /** Called with the share of the rows that an export has collected. */
  onShare?: ((share: number) => void) | undefined;
  /** The home whose variables (secrets.env) apply. */
  home?: string;
  /** The text will be run, not saved: problems that only prevent saving are reported as warnings. */
  forRun?: boolean;
  /** Changes to make in the text before it is checked, by place. */
  changes?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Checks whether a configuration can run, in a process of its own (docs/contributing/adr/0008). Returns its warnings
 * and what it would reach.
 * @param name the name in messages, such as `books.yaml`
 * @throws QuickscrapeError `invalid_config` with the issues; `internal` when the inspector fails or is cancelled
 */
export function checkConfigText(
  yaml: string,
  name: string,
  options: ScraperRequestOptions = {},
): Promise<CheckResponse> {
  const { limitMs = CHECK_TIMEOUT_MS, home, forRun, changes } = options;
  const question = {
    ask: 'check',
    yaml,
    changes,
    name,
    home,
    for_run: forRun,
    time_limit_ms: limitMs,
  } as const;
  return requestScraper(question, checkResponse, { ...options, limitMs });
}

/**
 * Tests a configuration on its live pages, or on `pages`. Errors during scraping are part of the response.
 * @throws QuickscrapeError as {@link checkConfigText}
 */
export function testConfigText(
  question: Omit<TestRequest, 'ask' | 'time_limit_ms'>,
  options: ScraperRequestOptions = {},
): Promise<TestResponse> {
  const { limitMs = TEST_TIMEOUT_MS } = options;
  return requestScraper({ ...question, ask: 'test', time_limit_ms: limitMs }, testResponse, {
    ...options,
    limitMs,
  });
}

/**
 * Suggests an item selector and field selectors for a page.
 * @throws QuickscrapeError `invalid_params` when the page of an address cannot be fetched, or has no markup;
 *   `invalid_config` for another page that cannot be fetched; else as {@link checkConfigText}
 */
export function suggestSelectors(
  question: Omit<SuggestRequest, 'ask' | 'time_limit_ms'>,
  options: ScraperRequestOptions = {},
): Promise<SuggestResponse> {
  const { limitMs = TEST_TIMEOUT_MS } = options;
  return requestScraper({ ...question, ask: 'propose', time_limit_ms: limitMs }, suggestResponse, {
    ...options,
    limitMs,
  });
}

/** Examines a home as `doctor` does. Commands in the texts are marked (`markCommand`). */
export function examineHomeText(
  home: string,
  { signal }: Pick<ScraperRequestOptions, 'signal'> = {},
): Promise<ExamineResponse> {
  const question = { ask: 'examine', name: home, home, time_limit_ms: TEST_TIMEOUT_MS } as const;
  return requestScraper(question, examineResponse, { signal, limitMs: TEST_TIMEOUT_MS });
}

/**
 * Shows a page as an outline, as text or as source.
 * @throws QuickscrapeError as {@link suggestSelectors}; `invalid_params` when nothing is at `near`
 */
export function showPage(
  question: Omit<PageRequest, 'ask' | 'time_limit_ms'>,
  options: ScraperRequestOptions = {},
): Promise<PageResponse> {
  const { limitMs = TEST_TIMEOUT_MS } = options;
  return requestScraper({ ...question, ask: 'page', time_limit_ms: limitMs }, pageResponse, {
    ...options,
    limitMs,
  });
}

/**
 * Compares the pages that a run kept with those of a good run. Fetches nothing, unless `live` is given.
 * @throws QuickscrapeError as {@link checkConfigText}; `invalid_config` when the live page cannot be fetched
 */
export function compareKeptPages(
  question: Omit<CompareRequest, 'ask' | 'time_limit_ms'>,
  options: ScraperRequestOptions & { limitMs: number },
): Promise<CompareResponse> {
  const { limitMs } = options;
  return requestScraper({ ...question, ask: 'compare', time_limit_ms: limitMs }, compareResponse, options);
}

/**
 * Finds the selectors of a page that hit examples.
 * @throws QuickscrapeError as {@link suggestSelectors}
 */
export function findPageSelectors(
  question: FindRequest,
  options: ScraperRequestOptions = {},
): Promise<FindResponse> {
  const { limitMs = TEST_TIMEOUT_MS } = options;
  return requestScraper({ ...question, ask: 'find', time_limit_ms: limitMs }, findResponse, {
    ...options,
    limitMs,
  });
}

/**
 * Writes rows of a run to a file.
 * @throws QuickscrapeError as the check of the destination and the writers say; else as {@link checkConfigText}
 */
export function exportRows(
  question: Omit<ExportRequest, 'ask' | 'time_limit_ms'>,
  options: Pick<ScraperRequestOptions, 'signal' | 'onShare'>,
): Promise<ExportResponse> {
  const limitMs = EXPORT_TIMEOUT_MS;
  return requestScraper({ ...question, ask: 'export', time_limit_ms: limitMs }, exportResponse, {
    ...options,
    limitMs,
  });
}

/**
 * Sends a request to the inspector process. The core does not import the scraper. A separate process also isolates
 * failures: an endless selector, or a page that uses all memory, ends that process and not this one.
 */
function requestScraper<T>(
  question: ScraperRequest,
  schema: z.ZodType<T>,
  options: ScraperRequestOptions & { limitMs: number },
): Promise<T> {
  const limitMs = fetchesNothing(question) ? Math.min(options.limitMs, KEPT_TIMEOUT_MS) : options.limitMs;
  return LIMITERS[question.ask].run(() => runScraper(question, schema, { ...options, limitMs }));
}

async function runScraper<T>(
  question: ScraperRequest,
  schema: z.ZodType<T>,
  { signal, limitMs, ...listeners }: ScraperRequestOptions & { limitMs: number },
): Promise<T> {
  if (signal?.aborted) throw cancelledError(question);
  let inspector = fetchesNothing(question) ? takeInspector() : new InspectorProcess();
  let overdue = false;
  const end = () => inspector.kill();
  const limit = setTimeout(() => {
    overdue = true;
    end();
  }, limitMs);
  signal?.addEventListener('abort', end, { once: true });
  const ask = () => inspector.ask(JSON.stringify(question), (line) => takeEarlyLine(line, listeners));
  const { isUsed } = inspector;
  let answer = await ask();
  if ('ending' in answer && isUsed && !overdue && !signal?.aborted) {
    // It may have ended while it was idle, for example because the system had no memory left.
    inspector = takeInspector();
    answer = await ask();
  }
  clearTimeout(limit);
  signal?.removeEventListener('abort', end);
  if (signal?.aborted || overdue) await inspector.ended();
  if (signal?.aborted) throw cancelledError(question);
  if (overdue) throw timeoutError(question, limitMs);
  return 'line' in answer
    ? parseResponse(question, schema, answer.line)
    : parseResponse(question, schema, '', answer.ending);
}

/**
 * Whether a question is about kept pages alone. Its process may then answer others, too: it has no connection, no cookie
 * and no session of one question that another one could use.
 */
function fetchesNothing(question: ScraperRequest): boolean {
  if (question.ask === 'compare') return question.live === undefined;
  const isAboutPage = question.ask === 'find' || question.ask === 'page';
  return isAboutPage && question.page.from === 'kept' && !('as' in question && question.as === 'image');
}

/** Reports a line about a sent request, a read page or collected rows. */
function takeEarlyLine(
  line: string,
  { onSent, onPage, onShare }: Pick<ScraperRequestOptions, 'onSent' | 'onPage' | 'onShare'>,
): boolean {
  const value = /^\{"(?:sent|progress|share)":/.test(line) ? tryParseJson(line) : undefined;
  const sent = sentLine.safeParse(value);
  const read = progressLine.safeParse(value);
  if (sent.success) onSent?.(sent.data.sent);
  else if (read.success) onPage?.(read.data.progress);
  const collected = shareLine.safeParse(value);
  if (collected.success) onShare?.(collected.data.share);
  return sent.success || read.success || collected.success;
}

function parseResponse<T>(
  question: ScraperRequest,
  schema: z.ZodType<T>,
  text: string,
  ending = 'gave no valid answer',
): T {
  const answer = tryParseJson(text);
  const refusal = errorResponseSchema.safeParse(answer);
  if (refusal.success) {
    const { code, message, field, hint, issues } = refusal.data.refused;
    throw new QuickscrapeError(code, message, {
      ...(field !== undefined && { field }),
      ...(hint !== undefined && { hint }),
      ...(issues !== undefined && { issues: issues as Issue[] }),
    });
  }
  const wanted = schema.safeParse(answer);
  if (wanted.success) return wanted.data;
  throw new QuickscrapeError(
    'internal',
    `${question.name}: the program that reads configurations ${ending}`,
    {
      hint:
        'Try again, with fewer pages if there are several; if this persists, the installation may be damaged. ' +
        describeReinstall(),
    },
  );
}

function cancelledError({ name }: ScraperRequest): QuickscrapeError {
  return new QuickscrapeError('internal', `${name}: cancelled by the caller; nothing was stored`);
}

const TIMEOUT_TEXTS: Record<ScraperRequest['ask'], { what: string; hint: string }> = {
  check: { what: 'read', hint: 'Make it shorter and plainer, above all its selectors.' },
  test: {
    what: 'tried out',
    hint: 'Selectors with several "~", ":has()" or ":contains()" take long on large pages: write plainer ones, or try fewer pages (max_pages).',
  },
  page: {
    what: 'shown',
    hint: 'The site is slow, the page is very large, or near is a selector that takes long: write a plainer one.',
  },
  compare: {
    what: 'compared',
    hint: 'The site is slow, the page is very large, or the selectors take long on it.',
  },
  propose: {
    what: 'examined',
    hint: 'The site is slow, or the page is very large: try again, or another page.',
  },
  examine: {
    what: 'examined',
    hint: 'The home is very large, or its disk is slow: try again.',
  },
  export: { what: 'written', hint: 'The disk is slow: try another folder.' },
  find: {
    what: 'searched',
    hint: 'The site is slow, or the page is very large: try again, or fewer examples.',
  },
};

const KEPT_TIMEOUT_HINT =
  'The page is kept on this machine, which did not answer in time: it is busy, the page is very large, or a selector takes long. Try again, or write a plainer selector.';

function timeoutError(question: ScraperRequest, limitMs: number): QuickscrapeError {
  const { ask, name } = question;
  const { what, hint: usual } = TIMEOUT_TEXTS[ask];
  const hint = fetchesNothing(question) ? KEPT_TIMEOUT_HINT : usual;
  const message = `${name} was not ${what} within ${limitMs / 1000} s, and was ended`;
  // No configuration is at fault where the caller gave an address or a run.
  if ('page' in question && question.page.from !== 'config') {
    const field = question.page.from === 'url' ? 'url' : 'run_id';
    return new QuickscrapeError('invalid_params', message, { field, hint });
  }
  return new QuickscrapeError('invalid_config', message, {
    ...((ask === 'check' || ask === 'test') && { field: 'yaml' }),
    hint,
  });
}
