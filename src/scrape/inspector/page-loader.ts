import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import { addressConfigText } from '../../core/configs/new-config.ts';
import type {
  PageOrigin,
  PageQuestion,
  RequestSent,
  TestRequest,
} from '../../core/configs/scraper-protocol.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { pluralize } from '../../core/lib/text.ts';
import { readSavedPage } from '../../core/runs/saved-pages.ts';
import { Settings } from '../../core/settings/settings.ts';
import type { PagePicture } from '../browser/page-picture.ts';
import { applySettings } from '../config/config-schema.ts';
import { getVariableValues, parseConfig } from '../config/parse-config.ts';
import { isJsonType } from '../crawl/no-items-error.ts';
import { visitPages } from '../crawl/pipeline.ts';
import { ScrapeStats } from '../crawl/scrape-stats.ts';
import { getOriginalUrl } from '../extract/conceal-page.ts';
import { decodeBody, loadPage } from '../extract/load-page.ts';
import { getHeader } from '../http/exchange.ts';
import type { Page } from '../lib/page.ts';
import { type Conceal, createConcealer, type Redact, redactError } from '../lib/redact.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { ExtractedPage, RawPage } from '../pagination/pagination-context.ts';
import { openPageSource } from '../source/open-page-source.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import { findAllRows } from '../suggest/find-rows.ts';

/** A page that a question is about. Everything in it is free of the values that the client must not see. */
export interface LoadedPage {
  page: Page;
  /** The content of a page that is no markup, such as JSON. */
  text: string | undefined;
  source: 'live' | 'kept';
  /** Its size, decompressed. */
  bytes: number;
  /** Whether a browser has rendered it. Unknown, and false, for kept pages. */
  isRendered: boolean;
  /** What the browser showed, for a live page of an address. */
  picture: PagePicture | undefined;
  /** Whether it was fetched with values that the client must not see. */
  isConcealed: boolean;
}

/** A page without the facts that follow from it. */
interface RawLoad extends Pick<LoadedPage, 'source' | 'isRendered'>, Partial<Pick<LoadedPage, 'picture'>> {
  raw: RawPage;
  /** The address to which its links are relative, with all values. */
  url: string;
  conceal: Conceal | undefined;
}

/** A person, or an assistant, waits for the result. */
const RETRIES = { retries: 1, baseMs: 500 };
/** The part of the time limit in which pages are fetched; the rest is for the answer. */
const FETCH_TIME_SHARE = 0.9;

/** The input field that named the page, for errors. */
export const ORIGIN_FIELDS: Record<PageOrigin['from'], string> = {
  kept: 'run_id',
  config: 'config_name',
  url: 'url',
};

/**
 * Loads the page that a question is about: reads it from the run that kept it, or fetches it as the question says,
 * politely and within the address policy. Every part of the inspector that answers about one page starts here:
 *
 *     const { page, text } = await loadQuestionPage(question, reportRequest);
 *
 * `noscript` is ignored in it, as by a browser with scripts.
 * @param onRequest called before each request, without the values of variables
 * @throws QuickscrapeError `invalid_config` when it cannot be fetched or parsed; `invalid_params` for a page that is no
 *   text, or a number beyond the last page; `not_allowed` for a page that may contain a value that is not known here;
 *   `store_unavailable` for a kept page that is gone
 */
export async function loadQuestionPage(
  question: PageQuestion,
  onRequest: (sent: RequestSent) => void = () => {},
): Promise<LoadedPage> {
  const field = ORIGIN_FIELDS[question.page.from];
  let redact: Redact = (text) => text;
  try {
    return toLoadedPage(await loadRaw(question, onRequest, (own) => (redact = own)), field);
  } catch (thrown) {
    throw toRefusal(redactError(thrown, redact), field);
  }
}

/** @param setRedact receives the function that removes values from messages, before anything is fetched */
async function loadRaw(
  question: PageQuestion,
  onRequest: (sent: RequestSent) => void,
  setRedact: (redact: Redact) => void,
): Promise<RawLoad> {
  const { page, name, home, time_limit_ms } = question;
  if (page.from === 'kept') {
    const { url, content_type: contentType, fetched_at: fetchedAt = Date.now() } = page;
    const conceal = createSavedPageConcealer(question);
    const raw = { body: readSavedPage(page), contentType, status: 200, fetchedAt };
    return { raw, url, conceal, source: 'kept', isRendered: false };
  }
  const paths = resolveHome({ home });
  const yaml = page.from === 'config' ? page.yaml : addressConfigText(page.url, page.backend);
  const parsed = parseConfig(yaml, name, readHomeEnvironment(paths).env);
  const redact = question.conceal === undefined ? parsed.redact : parsed.redactSparing;
  setRedact(redact);
  const conceal = question.conceal && createConcealer(parsed.values);
  const limitMs = Math.round(time_limit_ms * FETCH_TIME_SHARE);
  const signal = AbortSignal.timeout(limitMs);
  let isRendered = false;
  const request: PagesRequest = {
    config: applySettings(parsed.config, new Settings(paths)),
    retries: RETRIES,
    signal,
    onSent: (sent) => onRequest({ ...sent, hosts: sent.hosts.map(redact) }),
    writtenLinksOnly: conceal !== undefined && question.conceal?.is_persons !== true,
    onProgress() {},
    onBrowser: () => {
      isRendered = true;
    },
    log() {},
    ...(conceal && { conceal, redact }),
  };
  try {
    const fetched =
      page.from === 'config' ? await visitTo(page.number, request) : await fetchAddress(page, request);
    return { ...fetched, conceal, source: 'live', isRendered };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ScrapeError('timeout', `the page did not arrive within ${limitMs / 1000} s`, {
      hint: 'The site is slow or does not respond: try again.',
    });
  }
}

/** Remembers one page of those that are visited. */
class PageCapture extends ScrapeStats {
  seen = 0;
  captured: ExtractedPage | undefined;
  readonly #wanted: number;

  constructor(wanted: number) {
    super();
    this.#wanted = wanted;
  }

  override addPage(extracted: ExtractedPage): string[] {
    this.seen += 1;
    if (this.seen === this.#wanted) this.captured = extracted;
    return super.addPage(extracted);
  }
}

/** Visits the pages of a configuration as a run does, up to the wanted one. */
async function visitTo(
  number: number,
  request: PagesRequest,
): Promise<Pick<RawLoad, 'raw' | 'url' | 'picture'>> {
  const capture = new PageCapture(number);
  try {
    await visitPages({ ...request, maxPages: number, maxDetails: 0 }, capture, { async add() {} });
  } catch (error) {
    // An error after the page, such as that of a detail page, does not matter.
    if (capture.captured === undefined) throw error;
  }
  const { captured, seen } = capture;
  if (captured !== undefined) return { raw: captured.source, url: getOriginalUrl(captured.page) };
  throw new QuickscrapeError(
    'invalid_params',
    `page: there is no page ${number}; this configuration leads to ${pluralize(seen, 'page')}`,
    {
      field: 'page',
      hint: 'Give a smaller page. test_config shows what the selector of the next page matches.',
    },
  );
}

async function fetchAddress(
  { url, backend }: Extract<PageOrigin, { from: 'url' }>,
  request: PagesRequest,
): Promise<Pick<RawLoad, 'raw' | 'url' | 'picture'>> {
  const { signal } = request;
  const source = await openPageSource(request, () => {});
  try {
    let fetched = await source.get(url, { signal, picture: backend === 'browser' });
    if (backend === 'auto' && source.retryInBrowser !== undefined) {
      const page = loadPage(
        fetched.body,
        getHeader(fetched.headers, 'content-type') || undefined,
        fetched.url,
      );
      if (findAllRows(page).length === 0)
        fetched = (await source.retryInBrowser(fetched, page, { signal })) ?? fetched;
    }
    const { body, headers, status, url: finalUrl, picture } = fetched;
    const contentType = getHeader(headers, 'content-type');
    return { raw: { body, contentType, status, fetchedAt: Date.now() }, url: finalUrl, picture };
  } finally {
    await source.close();
  }
}

/** Content types of files that no one reads as a text. */
const BINARY_TYPE =
  /^(?:audio|video|font|model)\/|^image\/(?!svg)|^application\/(?:pdf|zip|gzip|vnd\.(?:ms-|openxmlformats))/;
/** This many bytes decide whether a page is a text. */
const SNIFFED_BYTES = 8_192;
const UTF_16_OR_32 = /charset\s*=\s*["']?(?:utf-?(?:16|32)|ucs)/i;

function toLoadedPage(
  { raw, url, conceal, source, isRendered, picture }: RawLoad,
  field: string,
): LoadedPage {
  const { body, contentType, fetchedAt } = raw;
  if (isBinary(raw)) throw notTextError(raw, field);
  const page = loadPage(body, contentType || undefined, url, { conceal, fetchedAt, scripted: true });
  const isMarkup = !isJsonType(page.contentType) && (page.contentType !== 'text/plain' || page.isXml);
  const decoded = isMarkup ? undefined : decodeBody(body, contentType);
  const text = decoded !== undefined && conceal ? conceal([decoded])[0] : decoded;
  return { page, text, source, bytes: body.length, picture, isRendered, isConcealed: conceal !== undefined };
}

function isBinary({ body, contentType }: RawPage): boolean {
  if (BINARY_TYPE.test(contentType.trim().toLowerCase())) return true;
  const [first = 0, second = 0] = body;
  const isWide = first + second === 0xfe + 0xff || UTF_16_OR_32.test(contentType);
  return !isWide && body.subarray(0, SNIFFED_BYTES).includes(0);
}

function notTextError({ body, contentType }: RawPage, field: string): QuickscrapeError {
  const type = contentType === '' ? 'no content type' : `content type ${contentType.slice(0, 100)}`;
  return new QuickscrapeError(
    'invalid_params',
    `${field}: this is a file (${type}, ${pluralize(body.length, 'byte')}) and not a page of text`,
    {
      field,
      hint: 'Give the page that links to it or shows the same data: HTML, XML, JSON and plain text can be shown.',
    },
  );
}

/**
 * Creates the concealer for saved pages: it covers the variables that were filled in to fetch them, and all of
 * secrets.env.
 * @throws QuickscrapeError `not_allowed` for a page that may contain a value that is not known here
 */
export function createSavedPageConcealer({
  conceal,
  home,
  name,
}: Pick<TestRequest, 'conceal' | 'home' | 'name'>): Conceal | undefined {
  if (conceal === undefined) return undefined;
  const { env, secrets } = readHomeEnvironment(resolveHome({ home }));
  const { fetched_by: yaml, variables = [] } = conceal;
  const unknown = variables.filter((variable) => env[variable] === undefined);
  if (unknown.length > 0) throw unknownVariablesError(unknown);
  const filledIn = Object.fromEntries(variables.map((variable) => [variable, env[variable] ?? '']));
  return createConcealer({
    ...secrets,
    ...filledIn,
    ...(yaml !== undefined && getVariableValues(yaml, name, env)),
  });
}

function unknownVariablesError(variables: readonly string[]): QuickscrapeError {
  const names = variables.map((name) => `\${${name}}`).join(', ');
  return new QuickscrapeError(
    'not_allowed',
    `run_id: its page was fetched with ${names}, which is not set for this server`,
    {
      field: 'run_id',
      hint: 'Its value cannot be removed from the page. Ask the person to set it, or try the live page (without run_id), where the server allows that.',
    },
  );
}

/** Scrape errors become errors of an operation. */
function toRefusal(error: unknown, field: string): unknown {
  if (!(error instanceof ScrapeError)) return error;
  const { message, hint } = error;
  return new QuickscrapeError('invalid_config', message, { field, ...(hint !== undefined && { hint }) });
}
