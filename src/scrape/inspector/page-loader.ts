import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import type {
  PageOrigin,
  PageQuestion,
  RequestSent,
  TestRequest,
} from '../../core/configs/scraper-protocol.ts';
import { ORIGIN_FIELDS } from '../../core/configs/scraper-protocol.ts';
import { getWrittenValues } from '../../core/configs/written-secrets.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { type Conceal, createConcealer, type Redact } from '../../core/lib/redact.ts';
import { pluralize } from '../../core/lib/text.ts';
import { readSavedPage } from '../../core/runs/saved-pages.ts';
import type { PagePicture } from '../browser/page-picture.ts';
import { getVariableValues } from '../config/parse-config.ts';
import { decodeBody, loadPage } from '../extract/load-page.ts';
import type { Page } from '../lib/page.ts';
import { redactError } from '../lib/redact.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { RawPage } from '../pagination/pagination-context.ts';
import { addressError } from './address-errors.ts';
import type { fetchQuestionPage, LiveQuestion, RawLoad } from './fetch-question-page.ts';
import { PageMemory } from './page-memory.ts';

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

/**
 * Loads the page that a question is about: reads it from the run that kept it, or fetches it as the question says,
 * politely and within the address policy. Every part of the inspector that answers about one page starts here:
 *
 *     const { page, text } = await loadQuestionPage(question, reportRequest);
 *
 * `noscript` is ignored in it, as by a browser with scripts.
 * @param onRequest called before each request, without the values of variables
 * @throws QuickscrapeError `invalid_config` when a page of a configuration cannot be fetched or parsed; `invalid_params`
 *   for another such page, one that is no text, or a number beyond the last page; `not_allowed` for a page that may contain a value that is not known here;
 *   `store_unavailable` for a kept page that is gone
 */
export async function loadQuestionPage(
  question: PageQuestion,
  onRequest: (sent: RequestSent) => void = () => {},
): Promise<LoadedPage> {
  const field = ORIGIN_FIELDS[question.page.from];
  let redact: Redact = (text) => text;
  try {
    if (question.page.from === 'kept') return loadKept(question, question.page);
    const live = { ...question, page: question.page };
    return toLoadedPage(await fetchRaw(live, onRequest, (own) => (redact = own)), field);
  } catch (thrown) {
    throw toRefusal(redactError(thrown, redact), question.page.from);
  }
}

/** Loads the client only when needed: a kept page needs no HTTP client, no settings and no database. */
async function fetchRaw(...given: Parameters<typeof fetchQuestionPage>): Promise<RawLoad> {
  const { fetchQuestionPage } = await import('./fetch-question-page.ts');
  return fetchQuestionPage(...given);
}

/**
 * Fetches the first page of a configuration, and the first detail page of each level, as they came from the site.
 * @param onRequest called before each request, without the values of variables
 * @throws QuickscrapeError `invalid_config` when the page cannot be fetched; `invalid_params` for one that is no text
 */
export async function fetchRawPages(
  question: LiveQuestion,
  onRequest: (sent: RequestSent) => void,
): Promise<RawLoad> {
  let redact: Redact = (text) => text;
  try {
    const loaded = await fetchRaw({ ...question, withDetails: true }, onRequest, (own) => (redact = own));
    if (isBinary(loaded.raw)) throw notTextError(loaded.raw, ORIGIN_FIELDS[question.page.from]);
    return loaded;
  } catch (thrown) {
    throw toRefusal(redactError(thrown, redact), question.page.from);
  }
}

/** Several questions are about one page, so its tree is remembered while this process stays. */
const remembered = new PageMemory<LoadedPage>();

function loadKept(question: PageQuestion, kept: Extract<PageOrigin, { from: 'kept' }>): LoadedPage {
  const { url, content_type: contentType, fetched_at: fetchedAt = Date.now() } = kept;
  const values = readConcealedValues(question);
  const body = readSavedPage(kept);
  return remembered.recall(body, [url, contentType, kept.fetched_at, values], () => {
    const conceal = values && createConcealer(values);
    const raw = { body, contentType, status: 200, fetchedAt };
    return toLoadedPage({ raw, url, conceal, source: 'kept', isRendered: false }, ORIGIN_FIELDS.kept);
  });
}

/** Content types of files that no one reads as a text. */
const BINARY_TYPE =
  /^(?:audio|video|font|model)\/|^image\/(?!svg)|^application\/(?:pdf|zip|gzip|vnd\.(?:ms-|openxmlformats))/;
const TEXT_TYPE = /^\s*text\/|html|xml|json/i;
/** A file that is called a text has more zero bytes. */
const MAX_ZERO_SHARE = 0.01;
/** This many bytes decide whether a page is a text. */
const SNIFFED_BYTES = 8_192;
const UTF_16_OR_32 = /charset\s*=\s*["']?(?:utf-?(?:16|32)|ucs)/i;

function toLoadedPage(
  { raw, url, conceal, source, isRendered, linkHeader = '', picture }: RawLoad,
  field: string,
): LoadedPage {
  const { body, contentType, fetchedAt } = raw;
  if (isBinary(raw)) throw notTextError(raw, field);
  const loaded = loadPage(body, contentType || undefined, url, { conceal, fetchedAt, scripted: true });
  // Only whether there is a next page is said, and never its address.
  const page = { ...loaded, ...(linkHeader !== '' && { linkHeader }) };
  const isMarkup = page.isJson !== true && (page.contentType !== 'text/plain' || page.isXml);
  const decoded = isMarkup ? undefined : decodeBody(body, contentType);
  const text = decoded !== undefined && conceal ? conceal([decoded])[0] : decoded;
  return { page, text, source, bytes: body.length, picture, isRendered, isConcealed: conceal !== undefined };
}

function isBinary({ body, contentType }: RawPage): boolean {
  if (BINARY_TYPE.test(contentType.trim().toLowerCase())) return true;
  const [first = 0, second = 0] = body;
  const isWide = first + second === 0xfe + 0xff || UTF_16_OR_32.test(contentType);
  const sniffed = body.subarray(0, SNIFFED_BYTES);
  const zeros = sniffed.filter((byte) => byte === 0).length;
  // Some pages have a stray one.
  return !isWide && zeros > (TEXT_TYPE.test(contentType) ? sniffed.length * MAX_ZERO_SHARE : 0);
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
export function createSavedPageConcealer(question: SavedPageQuestion): Conceal | undefined {
  const values = readConcealedValues(question);
  return values && createConcealer(values);
}

type SavedPageQuestion = Pick<TestRequest, 'conceal' | 'home' | 'name'>;

function readConcealedValues({ conceal, home, name }: SavedPageQuestion) {
  if (conceal === undefined) return undefined;
  const { env, secrets } = readHomeEnvironment(resolveHome({ home }));
  const { fetched_by: yaml, variables = [], lost = [] } = conceal;
  const known: Record<string, string | undefined> = {
    ...env,
    ...(yaml !== undefined && getWrittenValues(yaml)),
  };
  const unset = variables.filter((variable) => known[variable] === undefined);
  const unknown = [...new Set([...unset, ...lost])];
  if (unknown.length > 0) throw unknownVariablesError(unknown);
  const filledIn = Object.fromEntries(variables.map((variable) => [variable, known[variable] ?? '']));
  const ofText =
    yaml === undefined ? {} : { ...getVariableValues(yaml, name, env), ...getWrittenValues(yaml) };
  return { ...secrets, ...filledIn, ...ofText };
}

function unknownVariablesError(variables: readonly string[]): QuickscrapeError {
  const names = variables.map((name) => `\${${name}}`).join(', ');
  return new QuickscrapeError(
    'not_allowed',
    `run_id: its page was fetched with ${names}, which is not set for this server or has changed since`,
    {
      field: 'run_id',
      hint: 'Its value cannot be removed from the page. Ask the person to set it or to run the job again, or try the live page (without run_id), where the server allows that.',
    },
  );
}

/** Scrape errors become errors of an operation. */
function toRefusal(error: unknown, from: PageOrigin['from']): unknown {
  if (!(error instanceof ScrapeError)) return error;
  if (from === 'url') return addressError(error);
  const { message, hint } = error;
  return new QuickscrapeError(from === 'config' ? 'invalid_config' : 'invalid_params', message, {
    field: ORIGIN_FIELDS[from],
    ...(hint !== undefined && { hint }),
  });
}
