import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { execa } from 'execa';
import type * as z from 'zod';
import { type Issue, QuickscrapeError } from '../lib/errors.ts';
import { Limiter } from '../lib/limiter.ts';
import { programFile } from '../lib/program.ts';
import { childProcessIdentity } from '../process/identity.ts';
import { MAX_SEMI_SPACE_FLAG } from '../process/semi-space-flag.ts';
import { killTree } from '../process/terminate-tree.ts';
import {
  type CheckResponse,
  checkResponse,
  errorResponseSchema,
  type ProposalResponse,
  type ProposeRequest,
  proposalResponse,
  type RequestSent,
  type ScraperRequest,
  sentLine,
  type TestRequest,
  type TestResponse,
  testResponse,
} from './scraper-protocol.ts';

/** More than a whole answer, in bytes. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
/** Enough for the largest page that is fetched. */
const MAX_MEMORY_MB = 1024;
const CHECK_TIMEOUT_MS = 10_000;
const TEST_TIMEOUT_MS = 50_000;
/**
 * So many questions of a kind are answered at once, the others wait: each takes a program and perhaps a gigabyte. To
 * check a text takes a moment, and does not wait for trials.
 */
const MAX_CONCURRENT = 2;
const LIMITERS = {
  check: new Limiter(MAX_CONCURRENT),
  test: new Limiter(MAX_CONCURRENT),
  propose: new Limiter(MAX_CONCURRENT),
};

export interface ScraperRequestOptions {
  /** Ends it at once. */
  signal?: AbortSignal | undefined;
  /** How long it may take, in milliseconds. */
  limitMs?: number;
  /** Told of each request that a trial sends. */
  onSent?: ((sent: RequestSent) => void) | undefined;
  /** The home whose variables (secrets.env) count. */
  home?: string;
  /** It is to run, and not to be saved: what keeps a text only from being saved is a warning. */
  forRun?: boolean;
}

/**
 * Whether a configuration can run, what is doubtful in it, and what it would reach.
 * @param name as messages show it, such as `books.yaml`
 * @throws QuickscrapeError `invalid_config` with the issues; `internal` when the scraper's program fails or is called off
 */
export function checkConfigText(
  yaml: string,
  name: string,
  options: ScraperRequestOptions = {},
): Promise<CheckResponse> {
  const { limitMs = CHECK_TIMEOUT_MS, home, forRun } = options;
  const question = { ask: 'check', yaml, name, home, for_run: forRun, time_limit_ms: limitMs } as const;
  return requestScraper(question, checkResponse, { ...options, limitMs });
}

/**
 * Tries a configuration on its live pages, or on `pages`; what goes wrong on the way is part of the answer.
 * @throws QuickscrapeError like {@link checkConfigText}
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
 * Fetches a page and looks for what could be taken from it.
 * @throws QuickscrapeError `invalid_config` when the page cannot be fetched; else like {@link checkConfigText}
 */
export function proposeSelectors(
  question: Omit<ProposeRequest, 'ask' | 'time_limit_ms'>,
  options: ScraperRequestOptions = {},
): Promise<ProposalResponse> {
  const { limitMs = TEST_TIMEOUT_MS } = options;
  return requestScraper({ ...question, ask: 'propose', time_limit_ms: limitMs }, proposalResponse, {
    ...options,
    limitMs,
  });
}

/**
 * Pages and selectors are the scraper's, which the core does not know: a program of its own answers, and a selector
 * that takes for ever, or a page that takes all memory, ends that program and not this one.
 */
function requestScraper<T>(
  question: ScraperRequest,
  schema: z.ZodType<T>,
  options: ScraperRequestOptions & { limitMs: number },
): Promise<T> {
  return LIMITERS[question.ask].run(() => runScraper(question, schema, options));
}

async function runScraper<T>(
  question: ScraperRequest,
  schema: z.ZodType<T>,
  { signal, limitMs, onSent }: ScraperRequestOptions & { limitMs: number },
): Promise<T> {
  if (signal?.aborted) throw cancelledError(question);
  const program = programFile('config');
  const child = execa(
    process.execPath,
    [MAX_SEMI_SPACE_FLAG, `--max-old-space-size=${MAX_MEMORY_MB}`, program],
    {
      // The caller's folder may be gone.
      cwd: dirname(program),
      input: JSON.stringify(question),
      stdout: extractSentLines(onSent),
      // What it has to say is in its answer; a stack trace could hold a secret.
      stderr: 'ignore',
      maxBuffer: MAX_RESPONSE_BYTES,
      detached: true,
      reject: false,
    },
  );
  const { pid } = child;
  const end = () => {
    if (pid !== undefined) killTree({ leaders: [childProcessIdentity(pid)], mark: randomUUID() });
  };
  let overdue = false;
  const limit = setTimeout(() => {
    overdue = true;
    end();
  }, limitMs);
  signal?.addEventListener('abort', end, { once: true });
  const result = await child;
  clearTimeout(limit);
  signal?.removeEventListener('abort', end);
  if (signal?.aborted) throw cancelledError(question);
  if (overdue) throw timeoutError(question, limitMs);
  return parseResponse(question, schema, result.stdout, describeExit(result));
}

/** Takes the lines that tell of requests out of what the scraper's program says. */
function extractSentLines(onSent: ScraperRequestOptions['onSent']) {
  return function* (line: unknown) {
    const told = String(line).startsWith('{"sent":')
      ? sentLine.safeParse(parseJson(String(line)))
      : undefined;
    if (told?.success) onSent?.(told.data.sent);
    else yield line;
  };
}

function parseResponse<T>(
  question: ScraperRequest,
  schema: z.ZodType<T>,
  text: string,
  ending = 'it said nothing',
): T {
  const answer = parseJson(text);
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
      hint: 'Try again, with fewer pages if there are several; if it stays so, install QuickScrape again.',
    },
  );
}

function describeExit(result: { signal?: string; exitCode?: number; isMaxBuffer: boolean }): string {
  if (result.isMaxBuffer) return `gave an answer of more than ${MAX_RESPONSE_BYTES / 1024 / 1024} MB`;
  // V8 aborts when its memory is used up.
  if (result.signal === 'SIGABRT')
    return `ended early, most likely for more than ${MAX_MEMORY_MB} MB of memory`;
  if (result.signal !== undefined) return `was ended by ${result.signal}`;
  return `ended with exit code ${result.exitCode ?? 'unknown'} and no answer`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cancelledError({ name }: ScraperRequest): QuickscrapeError {
  return new QuickscrapeError('internal', `${name}: called off by the caller; nothing was stored`);
}

function timeoutError({ ask, name }: ScraperRequest, limitMs: number): QuickscrapeError {
  return new QuickscrapeError(
    'invalid_config',
    `${name} was not ${ask === 'check' ? 'read' : 'tried out'} within ${limitMs / 1000} s, and was ended`,
    {
      field: 'yaml',
      hint:
        ask === 'check'
          ? 'Make it shorter and plainer, above all its selectors.'
          : 'Selectors with several "~", ":has()" or ":contains()" take long on large pages: write plainer ones, or try fewer pages (max_pages).',
    },
  );
}
