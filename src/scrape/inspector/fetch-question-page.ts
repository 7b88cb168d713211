import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import { addressConfigText } from '../../core/configs/new-config.ts';
import type { PageOrigin, PageQuestion, RequestSent } from '../../core/configs/scraper-protocol.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { type Conceal, createConcealer, type Redact } from '../../core/lib/redact.ts';
import { pluralize } from '../../core/lib/text.ts';
import { Settings } from '../../core/settings/settings.ts';
import type { PagePicture } from '../browser/page-picture.ts';
import { applySettings } from '../config/config-schema.ts';
import { parseConfig } from '../config/parse-config.ts';
import { visitPages } from '../crawl/pipeline.ts';
import { ScrapeStats } from '../crawl/scrape-stats.ts';
import { getOriginalUrl } from '../extract/conceal-page.ts';
import { loadPage } from '../extract/load-page.ts';
import { getHeader } from '../http/exchange.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { ExtractedPage, RawPage } from '../pagination/pagination-context.ts';
import { openPageSource } from '../source/open-page-source.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import { findAllRows } from '../suggest/find-rows.ts';
import { createTestAccess } from './test-addresses.ts';

/** A page that is not yet parsed. */
export interface RawLoad {
  raw: RawPage;
  /** The address to which its links are relative, with all values. */
  url: string;
  conceal: Conceal | undefined;
  source: 'live' | 'kept';
  isRendered: boolean;
  /** The header `Link`, for a live page of an address. */
  linkHeader?: string;
  picture?: PagePicture | undefined;
  /** Of a configuration: the first detail page of each level of `follow`, if they were asked for. */
  details?: readonly { raw: RawPage; url: string; level: number }[];
}

/** A person, or an assistant, waits for the result. */
const RETRIES = { retries: 1, baseMs: 500 };
/** The part of the time limit in which pages are fetched; the rest is for the answer. */
const FETCH_TIME_SHARE = 0.9;

export type LiveQuestion = PageQuestion & {
  page: Exclude<PageOrigin, { from: 'kept' }>;
  /** Also fetches the first detail page of each level. */
  withDetails?: boolean;
};

/**
 * Fetches the page that a question is about, politely and within the address policy.
 * @param onRequest called before each request, without the values of variables
 * @param setRedact receives the function that removes values from messages, before anything is fetched
 * @throws ScrapeError, and QuickscrapeError as `loadQuestionPage`
 */
export async function fetchQuestionPage(
  question: LiveQuestion,
  onRequest: (sent: RequestSent) => void,
  setRedact: (redact: Redact) => void,
): Promise<RawLoad> {
  const { page, name, home, time_limit_ms } = question;
  const paths = resolveHome({ home });
  const yaml = page.from === 'config' ? page.yaml : addressConfigText(page.url, page.backend);
  const params = page.from === 'config' ? page.params : {};
  const parsed = parseConfig(yaml, name, readHomeEnvironment(paths).env, params);
  const redact = question.conceal === undefined ? parsed.redact : parsed.redactSparing;
  setRedact(redact);
  const { values, written } = parsed;
  const conceal = question.conceal && createConcealer({ ...values, ...written });
  const concealsVariables = conceal !== undefined && createConcealer(values) !== undefined;
  const limitMs = Math.round(time_limit_ms * FETCH_TIME_SHARE);
  const signal = AbortSignal.timeout(limitMs);
  let isRendered = false;
  const request: PagesRequest = {
    config: applySettings(parsed.config, new Settings(paths)),
    addresses: createTestAccess(paths, question.conceal !== undefined),
    retries: RETRIES,
    signal,
    onSent: (sent) => onRequest({ ...sent, hosts: sent.hosts.map(redact) }),
    writtenLinksOnly: concealsVariables && question.conceal?.is_persons !== true,
    onProgress() {},
    onBrowser: () => {
      isRendered = true;
    },
    log() {},
    ...(conceal && { concealPages: conceal, redact }),
    ...(concealsVariables && { conceal }),
  };
  try {
    const fetched =
      page.from === 'config'
        ? await visitTo(page.number, request, question.withDetails)
        : await fetchAddress(page, request);
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
  /** The first detail page that a row leads to. */
  link: string | undefined;
  /** The first detail page of each level. */
  readonly details: { raw: RawPage; url: string; level: number }[] = [];
  readonly #wanted: number;

  constructor(wanted: number) {
    super();
    this.#wanted = wanted;
  }

  override addPage(extracted: ExtractedPage): string[] {
    this.seen += 1;
    this.link ??= extracted.links?.find((link) => link !== null) ?? undefined;
    if (this.seen === this.#wanted) this.captured = extracted;
    return super.addPage(extracted);
  }

  override addDetail(
    ...[extracted, fields, selectors, level = 1]: Parameters<ScrapeStats['addDetail']>
  ): void {
    const { page, source } = extracted;
    if (!this.details.some((one) => one.level === level))
      this.details.push({ raw: source, url: getOriginalUrl(page), level });
    super.addDetail(extracted, fields, selectors, level);
  }
}

/** Visits the pages of a configuration as a run does, up to the wanted one. */
async function visitTo(
  number: number,
  request: PagesRequest,
  withDetails = false,
): Promise<Pick<RawLoad, 'raw' | 'url' | 'picture' | 'details'>> {
  const capture = new PageCapture(number);
  const maxDetails = withDetails ? 1 : 0;
  try {
    await visitPages({ ...request, maxPages: number, maxDetails }, capture, { async add() {} });
  } catch (error) {
    // An error after the page, such as that of a detail page, does not matter.
    if (capture.captured === undefined) throw error;
  }
  const { captured, seen } = capture;
  const { follow } = request.config;
  if (captured !== undefined)
    return {
      raw: captured.source,
      url: getOriginalUrl(captured.page),
      details: capture.details,
    };
  throw new QuickscrapeError(
    'invalid_params',
    `page: there is no page ${number}; this configuration leads to ${pluralize(seen, follow === undefined ? 'page' : 'list page')}`,
    { field: 'page', hint: hintForPage(request, capture.link) },
  );
}

/** Says what the pages of a configuration are. A link may hold values that an answer must not have. */
function hintForPage({ config, concealPages }: PagesRequest, link: string | undefined): string {
  const { pagination, follow } = config;
  const shown =
    concealPages === undefined && link !== undefined ? `: url "${link}"` : ' (test_config lists them)';
  const details =
    follow === undefined
      ? ''
      : ` page counts list pages only. The pages that follow leads to are seen by their addresses${shown}.`;
  return pagination.type === 'none'
    ? `The configuration has no pagination.${details || ' Give page 1.'}`
    : `Give a smaller page. test_config shows what the selector of the next page matches.${details}`;
}

async function fetchAddress(
  { url, backend }: Extract<PageOrigin, { from: 'url' }>,
  request: PagesRequest,
): Promise<Pick<RawLoad, 'raw' | 'url' | 'linkHeader' | 'picture'>> {
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
    const linkHeader = getHeader(headers, 'link');
    return { raw: { body, contentType, status, fetchedAt: Date.now() }, url: finalUrl, linkHeader, picture };
  } finally {
    await source.close();
  }
}
