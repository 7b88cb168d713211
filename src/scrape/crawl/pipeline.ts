import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pluralize } from '../../core/lib/text.ts';
import type { OutputFormat } from '../../core/model/output-format.ts';
import { isBrowserPagination } from '../config/pagination.ts';
import { createFetcher, type FetchedPage as SentPage } from '../http/fetcher.ts';
import { isPlain, type PageOptions, type PageSource, retryWithoutCookies } from '../http/page-source.ts';
import { chain } from '../lib/iterables.ts';
import type { Page } from '../lib/page.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError, throwIfCancelled, withNote } from '../lib/scrape-error.ts';
import { checkAppend, loadFormat } from '../output/export-items.ts';
import { requireOnlyFormat } from '../output/export-new-rows.ts';
import { Staging } from '../output/staging.ts';
import { countTotalPages, followPagination } from '../pagination/follow-pagination.ts';
import { KnownPages } from '../pagination/known-pages.ts';
import { type ExtractedPage, type PaginationContext, SeenPages } from '../pagination/pagination-context.ts';
import { openPageSource } from '../source/open-page-source.ts';
import {
  getConcurrency,
  type PagesRequest,
  type RowSink,
  toFetcherOptions,
} from '../source/pages-request.ts';
import { checkStagedRows } from './check-staged-rows.ts';
import { type CheckpointEnd, HAS_SECRETS, Resume, type ResumeOptions } from './checkpoint.ts';
import { type Crawl, openCrawl } from './crawl.ts';
import { createWarn } from './create-warn.ts';
import type { NextPage } from './detail-pages.ts';
import { expandSitemap } from './expand-sitemap.ts';
import { expandUrlsFrom, withSourceHint } from './expand-urls-from.ts';
import { type FieldMisses, noteMisses } from './field-misses.ts';
import { frontierBeside } from './frontier.ts';
import { ListPages } from './large-list.ts';
import { noItemsError } from './no-items-error.ts';
import { Prefetcher } from './prefetcher.ts';
import { extractPage, extractParts, extractShown, peekPage, readPage } from './read-page.ts';
import { RowCollector } from './row-collector.ts';
import { ScrapeStats } from './scrape-stats.ts';
import { type OutputRequest, writeOutput } from './write-output.ts';

export type { Progress } from '../source/pages-request.ts';

const USED_BROWSER = 'pages were rendered in a browser';

/**
 * Runs a configuration: fetches its pages, extracts the rows, stages them, and writes the output file.
 * @param stats receives the counts; a caller that passes its own can read it after a failure
 * @throws ScrapeError of any kind; the items of earlier pages stay in the staging file, and the output file is
 *   unchanged
 */
export async function scrape(
  request: ScrapeRequest,
  stats: ScrapeStats = new ScrapeStats(),
): Promise<ScrapeResult> {
  const { config, output, signal } = request;
  throwIfCancelled(signal);
  // Checked before the pages are fetched, so that the run fails early.
  if (output !== null) {
    const { append, only, table = output.name } = config.output;
    if (only !== undefined) requireOnlyFormat(output.format);
    await checkAppend({ ...output, append, table });
    await loadFormat(output.format);
  }
  const resume = await collectRows(request, stats);
  return exportRows(request, stats, resume);
}

/**
 * The second half of {@link scrape}: checks the staged rows, and writes the output file.
 * @param stats the counts of the staged rows
 * @param resume the checkpoint, which is needed until the rows are written
 * @throws ScrapeError as {@link scrape} does
 */
export async function exportRows(
  request: ScrapeRequest,
  stats: ScrapeStats,
  resume?: CheckpointEnd,
): Promise<ScrapeResult> {
  const { config, output, signal } = request;
  try {
    throwIfCancelled(signal);
    if (!stats.isUpToDate) {
      await checkStagedRows(request, stats, resume);
      if (stats.items === 0 && config.expect.allow_empty !== true) throw noItemsError(stats, config);
      await request.beforeOutput?.(stats);
      throwIfCancelled(signal);
      if (output !== null) await writeOutput(request, output, stats);
    }
  } catch (error) {
    await resume?.failed(error);
    throw error;
  }
  await resume?.forget();
  return {
    items: stats.items,
    pages: stats.pages,
    bytes: stats.bytes,
    // Without new rows the output stays as it is.
    output_path: (stats.isUpToDate ? undefined : output?.file) ?? null,
    output_format: (stats.isUpToDate ? undefined : output?.format) ?? null,
    warnings: stats.warnings(),
    matches: stats.matches,
    misses: stats.misses,
  };
}

/**
 * The first half of {@link scrape}: fetches the pages, and stages their rows.
 * @returns the checkpoint, which is needed until the rows are written
 * @throws ScrapeError of any kind but `no_items`
 */
export async function collectRows(
  request: PagesRequest & Pick<ScrapeRequest, 'stagingFile' | 'isTemporary' | 'resume'>,
  stats: ScrapeStats,
): Promise<Resume | undefined> {
  const { stagingFile, isTemporary = false } = request;
  const answerFile = join(dirname(stagingFile), 'answer.json');
  const staging = await (request.resume ? Staging.reopen(stagingFile) : Staging.create(stagingFile));
  const file = request.resume && request.config.crawl && frontierBeside(stagingFile);
  const resume = request.resume && new Resume(request.resume, staging, stats, file);
  try {
    await visitPages({ ...request, answerFile }, stats, staging, resume);
    if (!isTemporary) await staging.sync();
    await resume?.complete();
    return resume;
  } catch (error) {
    await resume?.failed(error);
    throw error;
  } finally {
    await staging.close();
    await rm(answerFile, { force: true });
  }
}

/**
 * Fetches the pages of a configuration and passes their rows to `sink`, page by page. Counts are in `stats`, also after
 * a failure.
 * @throws ScrapeError of any kind but `no_items`
 */
export async function visitPages(
  given: PagesRequest,
  stats: ScrapeStats,
  sink: RowSink,
  resume?: Resume,
): Promise<void> {
  const request = { ...given, config: await expandUrlsFrom(given, stats) };
  if (stats.isUpToDate) return;
  const fetcher = createFetcher(toFetcherOptions(request));
  const source = await openPageSource(request, createWarn(request, stats), fetcher);
  try {
    const config = await expandSitemap(request, stats, retryWithoutCookies(fetcher, request.log));
    const whole = { ...request, config };
    const crawl = openCrawl(whole, stats, resume);
    try {
      await visitAllPages(whole, stats, source, sink, resume, crawl);
    } finally {
      crawl?.close();
    }
    if (stats.pages === 0 && isOnlyNew(config)) stats.isUpToDate = true;
  } catch (error) {
    throw withProgressNote(withSourceHint(error, request.config), stats);
  } finally {
    await source.close();
  }
}

/** All of a few new addresses may be missing. */
function isOnlyNew({ urls_from: source }: PagesRequest['config']): boolean {
  return source?.type === 'job' && source.only !== undefined;
}

async function visitAllPages(
  request: PagesRequest,
  stats: ScrapeStats,
  source: PageSource,
  sink: RowSink,
  resume: Resume | undefined,
  crawl: Crawl | undefined,
): Promise<void> {
  const { config, sample = Number.POSITIVE_INFINITY, maxPages = Number.POSITIVE_INFINITY } = request;
  const { redact = (text: string) => text } = request;
  const onPage = (url: string) => {
    const { pages, items, bytes } = stats;
    const total_pages = crawl
      ? crawl.totalPages
      : countTotalPages(config, maxPages, context?.skippedStarts ?? 0);
    request.onProgress({ pages, items, bytes, total_pages, url });
  };
  const concurrency = getConcurrency(request);
  const prefetcher = new Prefetcher(
    (url, signal) => source.get(url, { signal }),
    request.signal,
    // A browser shows one page after the other.
    () => (isPlain(source) ? concurrency : 1),
  );
  const retryInBrowser = async (sent: SentPage, page: Page) => {
    if (source.retryInBrowser === undefined) return undefined;
    await prefetcher.quiet();
    const again = await source.retryInBrowser(sent, page, { signal: request.signal });
    if (again === undefined) return undefined;
    // The page that was read ahead was also fetched without its scripts.
    prefetcher.forget();
    await resume?.refuse(USED_BROWSER);
    return readPage(request, stats, again, sent.bytes);
  };
  const kept = new RowCollector(request, stats, {
    async fetch(url, upcoming) {
      // A browser shows list pages and other pages in separate tabs.
      const mayReadList = isPlain(source) && config.request === undefined;
      const sent = await prefetcher.get(url, listUrls(upcoming, mayReadList));
      const read = readPage(request, stats, sent);
      return { ...read, retryInBrowser: () => retryInBrowser(sent, read.page) };
    },
    onPage,
    get known() {
      return context?.known;
    },
  });
  let context: PaginationContext | undefined;
  try {
    const before = await resume?.begin(config, crawl && (({ start }) => crawl.canContinue(start)));
    if (before !== undefined) {
      await kept.restore(before.rows);
      // There may be no further page that would report progress.
      onPage(before.url);
    }
    const first = before?.position.start ?? 0;
    if (isOnlyNew(config)) request.addresses?.fetched?.retake(config.urls.slice(first));
    const readers = { prefetcher, kept };
    context = createPaginationContext(request, stats, source, readers, before?.seen, resume, crawl);
    const pages = crawl
      ? crawl.pages(maxPages, context, before?.position)
      : followPagination(config, maxPages, context, before?.position);
    for await (const extracted of pages) {
      if (extracted.rows.length > 0) noteMisses(stats.misses, config, extracted);
      for (const text of stats.addPage(extracted)) request.log('warn', text, true);
      if (isEmptyStartPage(config, extracted)) stats.bare.add(redact(redactUrl(extracted.page.url)));
      await sink.add(await kept.collect(extracted, sample - stats.items));
      for await (const part of extracted.further ?? []) {
        if (stats.items >= sample) break;
        stats.addPart(part);
        await sink.add(await kept.collect(part, sample - stats.items));
        onPage(part.page.url);
      }
      if (crawl?.hasSecrets) await resume?.refuse(HAS_SECRETS);
      await resume?.note(extracted, context.seen);
      onPage(extracted.page.url);
      if (stats.items < sample) continue;
      request.log('debug', `stopped after ${pluralize(stats.items, 'item')}, as asked`);
      break;
    }
    kept.end();
    for (const text of stats.describeEmptyPages()) request.log('warn', text);
  } finally {
    prefetcher.end();
    for (const text of stats.describeUnparsedValues()) request.log('warn', text, true);
  }
}

function createPaginationContext(
  request: PagesRequest,
  stats: ScrapeStats,
  source: PageSource,
  { prefetcher, kept }: { prefetcher: Prefetcher<SentPage>; kept: RowCollector },
  seen: readonly string[] | undefined,
  resume: Resume | undefined,
  crawl: Crawl | undefined,
): PaginationContext {
  const { signal, redact = (text: string) => text } = request;
  const fetched = isOnlyNew(request.config) ? request.addresses?.fetched : undefined;
  const wanted = { signal, list: getListOptions(request) };
  const { clickNext } = source;
  const seenPages = new SeenPages(seen);
  const concurrency = getConcurrency(request);
  // A sample may not need a further page, and a request of one's own is sent only when its turn comes.
  const readsAhead = concurrency > 1 && request.sample === undefined && request.config.request === undefined;
  const peek = (url: string) => {
    const sent = mayPeek(request) ? prefetcher.peek(url) : undefined;
    return sent && peekPage(request, sent);
  };
  const known = readsAhead ? new KnownPages((url) => seenPages.has(url), peek) : undefined;
  const lists = new ListPages(request.config, source, wanted, request.answerFile);
  return {
    async fetchPage(url) {
      const fetchWhole = async () => {
        if (known !== undefined && isPlain(source))
          return prefetcher.get(url, listUrls(kept.listAhead(chain([[url], known])), true));
        const ahead = request.config.request === undefined ? await prefetcher.take(url) : undefined;
        return ahead ?? (await source.get(url, wanted));
      };
      const { fetched, further } = await (crawl?.getPage(fetchWhole) ?? lists.get(url, fetchWhole));
      if (further !== undefined) return extractParts(request, stats, fetched, further);
      const extracted = extractPage(request, stats, fetched, 0, crawl);
      if (extracted.rows.length > 0 || crawl?.mayBeEmpty(extracted.page)) return extracted;
      const again = await source.retryInBrowser?.(fetched, extracted.page, wanted);
      if (again === undefined) return extracted;
      prefetcher.forget();
      await resume?.refuse(USED_BROWSER);
      return extractShown(request, stats, again, { sent: extracted, bytes: fetched.bytes }, crawl);
    },
    ...(clickNext !== undefined && {
      async clickNext(selector) {
        const fetched = await clickNext.call(source, selector, signal);
        return fetched && extractPage(request, stats, fetched);
      },
    }),
    seen: seenPages,
    ...(known && { known, overshoot: concurrency - 1 }),
    get skippedStarts() {
      return stats.missing.count - stats.missingAgain;
    },
    get skippedAgain() {
      return stats.missingAgain;
    },
    getFailedRuns: (start) => fetched?.getFailedRuns(start),
    skipStart(start, problem, mayPass = false) {
      if (fetched?.getFailedRuns(start) !== undefined) stats.missingAgain += 1;
      const runs = mayPass ? fetched?.release(start) : undefined;
      const url = redactUrl(start);
      const end = runs === undefined ? '' : `; given up after ${pluralize(runs, 'run')}`;
      const hint = runs === undefined ? '' : '. Only job retry tries it again';
      request.log('warn', `${url}: left out: ${problem}${end}${hint}`);
      stats.missing.add(redact(`${url} (${problem}${end})`), runs !== undefined);
    },
    ended: (end) => stats.endPagination(end),
    debug: (message, ofPages) => request.log('debug', message, ofPages),
    info: (message) => request.log('info', message),
    warn: createWarn(request, stats),
  };
}

/** Whether the detail pages of a list page are known before its turn: nothing else decides about its rows. */
function mayPeek({ config, maxDetails }: PagesRequest): boolean {
  const { follow, dedupe, crawl } = config;
  return (
    follow !== undefined &&
    follow.max_pages === undefined &&
    dedupe === undefined &&
    crawl === undefined &&
    maxDetails === undefined
  );
}

function* listUrls(pages: Iterable<NextPage>, mayReadList: boolean): Generator<string> {
  for (const { url, ofList } of pages) {
    if (!ofList || mayReadList) yield url;
  }
}

/** How much a list page may load. With a page limit, each step counts as one page. */
function getListOptions({
  config,
  maxPages = Number.POSITIVE_INFINITY,
}: PagesRequest): NonNullable<PageOptions['list']> {
  const { pagination } = config;
  return { ...(isBrowserPagination(pagination) && { grow: pagination }), maxSteps: maxPages - 1 };
}

/** Whether the configuration lists several addresses, and this one has no rows. */
function isEmptyStartPage(
  { urls, sitemap, crawl, expect }: PagesRequest['config'],
  { rows, position }: ExtractedPage,
): boolean {
  if (sitemap !== undefined || crawl !== undefined || urls.length < 2 || expect.allow_empty === true)
    return false;
  return rows.length === 0 && position?.pages === 1;
}

/** Adds the progress of the run to its error. */
function withProgressNote(error: unknown, { pages, items }: ScrapeStats): unknown {
  if (!(error instanceof ScrapeError) || pages === 0 || error.kind === 'cancelled') return error;
  return withNote(error, `after ${pluralize(pages, 'page')}, ${pluralize(items, 'item')}`);
}

export interface ScrapeRequest extends PagesRequest, OutputRequest {
  /** Whether the staging file is of no use after a crash, as it is removed at the end. */
  isTemporary?: boolean;
  /** Lets the next attempt continue where this one ends; default: each attempt starts from the beginning. */
  resume?: ResumeOptions;
  /** Names of the variables that the configuration uses. */
  variables?: readonly string[];
  /** Called when all rows are staged, before any is written. If it throws, nothing is written. */
  beforeOutput?(stats: ScrapeStats): void | Promise<void>;
}

export interface ScrapeResult {
  items: number;
  pages: number;
  bytes: number;
  output_path: string | null;
  output_format: OutputFormat | null;
  warnings: string[];
  /** By selector (config/config-fields.ts): the number of elements it matched, over all pages. */
  matches: Record<string, number>;
  misses: FieldMisses;
}
