import { columnsOf, dateColumns } from './config/fields-of.ts';
import { ScrapeError, throwIfCancelled, withNote } from './errors.ts';
import { exportItems, refuseAppend } from './export/export.ts';
import { Staging } from './export/staging.ts';
import { loadPage } from './extract/page.ts';
import { extractRows } from './extract/rows.ts';
import { headerText } from './fetch/exchange.ts';
import { type Fetcher, makeFetcher } from './fetch/fetcher.ts';
import { shownBytes, shownUrl } from './fetch/shown-url.ts';
import { type FetchedPage, KeptRows } from './kept-rows.ts';
import { noItems } from './no-items.ts';
import { totalPages, walkPages } from './paginate/pages.ts';
import { SeenPages, type Visit, type Walk } from './paginate/walk.ts';
import {
  fetcherOptions,
  type PagesRequest,
  type RowSink,
  type ScrapeRequest,
  type ScrapeResult,
} from './request.ts';
import { Tally } from './tally.ts';

export type { Progress, ScrapeRequest, ScrapeResult } from './request.ts';

/**
 * Carries out a configuration: fetches its pages, takes the rows, stages them, writes the output file.
 * @param tally where it counts: whoever gives one can look at it after a failure, too
 * @throws ScrapeError of any kind; items of the pages before stay in the staging file, the output file as it was
 */
export async function scrape(request: ScrapeRequest, tally: Tally = new Tally()): Promise<ScrapeResult> {
  const { config, output, signal } = request;
  throwIfCancelled(signal);
  // Better now than when all is fetched.
  if (output !== null) refuseAppend(output, config.output);
  await collect(request, tally);
  throwIfCancelled(signal);
  if (tally.items === 0 && config.expect.allow_empty !== true) {
    throw noItems(tally);
  }
  await request.judge?.(tally);
  throwIfCancelled(signal);
  if (output !== null) await writeOutput(request, output, tally);
  return {
    items: tally.items,
    pages: tally.pages,
    bytes: tally.bytes,
    output_path: output?.file ?? null,
    output_format: output?.format ?? null,
    warnings: tally.warnings(),
    matches: tally.matches,
  };
}

async function writeOutput(
  { config, stagingFile, signal, log }: ScrapeRequest,
  output: NonNullable<ScrapeRequest['output']>,
  tally: Tally,
): Promise<void> {
  const { append, delimiter, bom, escape_formulas: escapeFormulas, table = output.name, key } = config.output;
  const fields = columnsOf(config);
  // A text that looks like a date may be one only where dates are looked for.
  const dates = new Set(config.data_cleaning.convert_dates ? fields : dateColumns(config));
  const how = { append, delimiter, bom, escapeFormulas, table, key, dates };
  for (const text of await exportItems({ ...output, ...how, stagingFile, fields, signal })) {
    tally.addWarning(text);
    log('warn', text);
  }
}

async function collect(request: ScrapeRequest, tally: Tally): Promise<void> {
  const staging = await Staging.create(request.stagingFile);
  try {
    await visitPages(request, tally, staging);
    await staging.sync();
  } finally {
    await staging.close();
  }
}

/**
 * Fetches the pages of a configuration and hands their rows over, page by page; what was found is counted in `tally`,
 * also when it ends half-way.
 * @throws ScrapeError of any kind but `no_items`
 */
export async function visitPages(request: PagesRequest, tally: Tally, sink: RowSink): Promise<void> {
  const fetcher = makeFetcher(fetcherOptions(request));
  try {
    await visitAll(request, tally, fetcher, sink);
  } catch (error) {
    throw afterPages(error, tally);
  } finally {
    await fetcher.close();
  }
}

async function visitAll(request: PagesRequest, tally: Tally, fetcher: Fetcher, sink: RowSink): Promise<void> {
  const { config, sample = Number.POSITIVE_INFINITY, maxPages = Number.POSITIVE_INFINITY } = request;
  const total_pages = totalPages(config, maxPages);
  const tell = (url: string) => {
    const { pages, items, bytes } = tally;
    request.onProgress({ pages, items, bytes, total_pages, url });
  };
  const kept = new KeptRows(request, tally, {
    fetch: (url) => fetchPage(request, tally, fetcher, url),
    tell,
  });
  try {
    for await (const visit of walkPages(config, maxPages, walkOf(request, tally, fetcher))) {
      for (const text of tally.addPage(visit)) request.log('warn', text);
      await sink.add(await kept.of(visit, sample - tally.items));
      tell(visit.page.url);
      if (tally.items < sample) continue;
      request.log('debug', `stopped after ${tally.items} items, as asked`);
      break;
    }
    kept.end();
  } finally {
    for (const text of tally.unreadTexts()) request.log('warn', text);
  }
}

function walkOf(request: PagesRequest, tally: Tally, fetcher: Fetcher): Walk {
  return {
    visit: (url) => visitPage(request, tally, fetcher, url),
    seen: new SeenPages(),
    debug: (message) => request.log('debug', message),
    warn(message) {
      tally.addWarning(message);
      request.log('warn', message);
    },
  };
}

async function visitPage(request: PagesRequest, tally: Tally, fetcher: Fetcher, url: string): Promise<Visit> {
  const { page, source, told } = await fetchPage(request, tally, fetcher, url);
  const extraction = extractRows(page, request.config);
  request.log('info', told(`${extraction.rows.length} items`));
  return { page, source, ...extraction };
}

async function fetchPage(
  { signal }: PagesRequest,
  tally: Tally,
  fetcher: Fetcher,
  url: string,
): Promise<FetchedPage> {
  const { body, headers, url: finalUrl, status, bytes } = await fetcher.get(url, { signal });
  tally.bytes += bytes;
  const source = { body, contentType: headerText(headers, 'content-type'), status, fetchedAt: Date.now() };
  const page = loadPage(body, source.contentType || undefined, finalUrl);
  const told = (what: string) => `${shownUrl(finalUrl)}: HTTP ${status}, ${what}, ${shownBytes(bytes)}`;
  return { page, source, told };
}

/** Says how far the run had come. */
function afterPages(error: unknown, { pages, items }: Tally): unknown {
  if (!(error instanceof ScrapeError) || pages === 0 || error.kind === 'cancelled') return error;
  return withNote(error, `after ${pages} ${pages === 1 ? 'page' : 'pages'}, ${items} items`);
}
