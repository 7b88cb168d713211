import type { RequestSent, TestRequest, TestResponse } from '../../core/configs/scraper-protocol.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { readSavedPage } from '../../core/runs/saved-pages.ts';
import { Settings } from '../../core/settings/settings.ts';
import { getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { applySettings, readHomeEnvironment } from '../config/home-environment.ts';
import { formatIssue } from '../config/issue-location.ts';
import { getVariableValues, parseConfig, parseExtraction } from '../config/parse-config.ts';
import { describeConcealment } from '../crawl/concealment.ts';
import { noItemsError } from '../crawl/empty-result.ts';
import { visitPages } from '../crawl/pipeline.ts';
import { ScrapeStats } from '../crawl/scrape-stats.ts';
import { collectSelectorMatches } from '../crawl/selector-matches.ts';
import { createEmptyDetail, extractDetail, withPageFacts } from '../extract/extract-detail.ts';
import { extractRows } from '../extract/extract-rows.ts';
import { loadPage } from '../extract/load-page.ts';
import type { Item } from '../lib/page.ts';
import { type Conceal, createConcealer, type Redact, redactError } from '../lib/redact.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { RawPage } from '../paginate/walk.ts';
import { SampleRows } from './sample-rows.ts';

/** Somebody waits: a site that does not answer is asked once more, not four times. */
const RETRIES = { retries: 1, baseMs: 500 };
/** The part of the time limit after which no more is fetched, so that there is time to say what was found. */
const FETCH_TIME_SHARE = 0.9;

/** How values of variables are kept out of an answer. */
interface Redaction {
  redact: Redact;
  /** Selectors did not see them either: what rows, counts and warnings of pages say is free of them, and says what was asked for. */
  conceal: Conceal | undefined;
  /** No address that the text computes gets what it fills in (extract/page.ts). */
  writtenLinksOnly: boolean;
}

/** What a trial has to go by, and where it puts what it finds. */
interface TestRun extends Redaction {
  config: ScrapeConfig;
  stats: ScrapeStats;
  rows: SampleRows;
}

/**
 * Fetches the first pages of a configuration and shows what it takes from them; stores nothing.
 * @param onRequest told of each request before it is sent, without the values of variables
 * @throws QuickscrapeError `invalid_config` for what no run would take either, such as a variable that is not set
 */
export async function testLivePages(
  question: TestRequest,
  onRequest: (sent: RequestSent) => void,
): Promise<TestResponse> {
  const { yaml, name, home, max_pages: maxPages, time_limit_ms } = question;
  const paths = resolveHome({ home });
  const {
    config: written,
    warnings,
    values,
    ...text
  } = parseConfig(yaml, name, readHomeEnvironment(paths).env);
  const conceal = question.conceal && createConcealer(values);
  const writtenLinksOnly = conceal !== undefined && question.conceal?.is_persons !== true;
  const redact = question.conceal === undefined ? text.redact : text.redactSparing;
  const config = applySettings(written, new Settings(paths));
  const limitMs = time_limit_ms * FETCH_TIME_SHARE;
  // Counted from when this program was started, as the asker does.
  const signal = AbortSignal.timeout(Math.max(0, Math.round(limitMs - performance.now())));
  const silent = { onProgress() {}, log() {} };
  const doubts = warnings.map(formatIssue);
  if (conceal !== undefined && question.conceal?.is_told) doubts.push(describeConcealment(values));
  return runTest(question, config, doubts, { redact, conceal, writtenLinksOnly }, async ({ stats, rows }) => {
    try {
      const request = {
        config,
        maxPages,
        maxDetails: question.sample_items,
        retries: RETRIES,
        signal,
        onSent: (sent: RequestSent) => onRequest({ ...sent, hosts: sent.hosts.map(redact) }),
        writtenLinksOnly,
        unfill: redact,
        ...(conceal && { conceal, redact }),
      };
      await visitPages({ ...request, ...silent }, stats, rows);
    } catch (error) {
      if (!signal.aborted) throw error;
      const timeoutMessage = `stopped after ${limitMs / 1000} s, with ${stats.pages} of at most ${maxPages} pages`;
      if (stats.items === 0)
        throw new ScrapeError('timeout', timeoutMessage, {
          hint: 'The site is slow or silent: try again, or fewer pages (max_pages).',
        });
      stats.addWarning(timeoutMessage);
    }
  });
}

/** Takes rows from pages that are there, as they came from the site; fetches nothing. */
export async function testSavedPages(question: TestRequest): Promise<TestResponse> {
  const { yaml, name, pages = [], max_pages } = question;
  const { config, warnings } = parseExtraction(yaml, name);
  const conceal = createSavedPageConcealer(question);
  const writtenLinksOnly = conceal !== undefined && forbidsComputedUrls(question);
  return runTest(
    question,
    config,
    warnings.map(formatIssue),
    { redact: (text) => text, conceal, writtenLinksOnly },
    async (testRun) => {
      const read = pages.map(
        ({ file, content_type: contentType, fetched_at: fetchedAt = Date.now(), ...page }) => ({
          ...page,
          source: { body: readSavedPage({ file }), contentType, status: 200, fetchedAt },
        }),
      );
      const details = new Map<string, Item>();
      for (const { url, source, role } of read) {
        if (role === 'detail') details.set(url, extractSavedDetail(testRun, url, source));
      }
      const listPages = read.filter(({ role }) => role !== 'detail').slice(0, max_pages);
      for (const { url, source } of listPages) await extractSavedRows(testRun, url, source, details);
      if (listPages.length > 0) return;
      // The page that the rows stood on is not kept: what there is of each is what its own page says.
      for (const { url, source } of read) {
        const fields = [details.get(url) ?? {}];
        testRun.stats.addRows(fields, getSelectors(config), { url, source });
        await testRun.rows.add(fields);
      }
    },
  );
}

/** Whether a run of the text would refuse addresses that it computes. */
function forbidsComputedUrls({ yaml, name, home, conceal }: TestRequest): boolean {
  const { env } = readHomeEnvironment(resolveHome({ home }));
  return conceal?.is_persons !== true && createConcealer(getVariableValues(yaml, name, env)) !== undefined;
}

function extractSavedDetail({ config, conceal, stats }: TestRun, url: string, source: RawPage): Item {
  if (config.follow === undefined) return {};
  const page = loadPage(source.body, source.contentType || undefined, url, {
    conceal,
    fetchedAt: source.fetchedAt,
  });
  const { fields: selected, ...found } = extractDetail(page, config.follow, config);
  const fields = withPageFacts(selected, page, config.follow);
  stats.addDetail({ page, source, ...found }, fields, getSelectors(config));
  return fields;
}

/** A row has the fields of its own page where that one is kept. */
async function extractSavedRows(
  { config, conceal, writtenLinksOnly, stats, rows }: TestRun,
  url: string,
  source: RawPage,
  details: ReadonlyMap<string, Item>,
): Promise<void> {
  const loaded = loadPage(source.body, source.contentType || undefined, url, {
    conceal,
    fetchedAt: source.fetchedAt,
  });
  const page = { ...loaded, writtenLinksOnly };
  if (page.note !== undefined) stats.addWarning(page.note, page.url);
  const extraction = extractRows(page, config);
  const { follow } = config;
  const complete = extraction.rows.map((row, index) => {
    const fields = follow && (details.get(extraction.links?.[index] ?? '') ?? createEmptyDetail(follow));
    return { ...withPageFacts(row, page, config), ...fields };
  });
  stats.addPage({ page, source, ...extraction });
  stats.addRows(complete, getSelectors(config), { url, source });
  await rows.add(complete);
}

/**
 * For pages that are there: what was filled in for them, and all of secrets.env.
 * @throws QuickscrapeError `not_allowed` for a page that may hold what is not known here
 */
function createSavedPageConcealer({ conceal, home, name }: TestRequest): Conceal | undefined {
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
    `run_id: its page was fetched with ${names}, not set for this server`,
    {
      field: 'run_id',
      hint: 'What it holds cannot be kept out of the page. Ask the person to set it, or try the live page (without run_id), where the server allows that.',
    },
  );
}

function toTestError({ kind, message, hint }: ScrapeError): TestResponse['error'] {
  return { kind, message, hint: hint ?? null };
}

async function runTest(
  { sample_items }: TestRequest,
  config: ScrapeConfig,
  doubts: readonly string[],
  redaction: Redaction,
  visit: (testRun: TestRun) => Promise<void>,
): Promise<TestResponse> {
  const { redact, conceal } = redaction;
  const testRun = { config, ...redaction, stats: new ScrapeStats(), rows: new SampleRows(sample_items) };
  const { stats, rows } = testRun;
  // A text that is replaced when it is the value would tell a client whether it has guessed it.
  const shown: Redact = conceal === undefined ? redact : (text) => text;
  let failure = await visit(testRun).then(
    () => undefined,
    (thrown: unknown) => redactError(thrown, redact),
  );
  if (failure === undefined && stats.items === 0 && config.expect.allow_empty !== true)
    failure = redactError(noItemsError(stats), shown);
  if (failure !== undefined && !(failure instanceof ScrapeError)) throw failure;
  const error = failure === undefined ? null : toTestError(failure);
  const sample = rows.shown(shown);
  const duplicates = stats.duplicates === 0 ? [] : [`${stats.duplicates} rows were left out (dedupe)`];
  return {
    pages: stats.pages,
    items: stats.items,
    sample: sample.rows,
    matches: collectSelectorMatches(config, stats).map((one) => ({ ...one, selector: redact(one.selector) })),
    warnings: [...doubts, ...stats.warnings().map(shown), ...duplicates, ...sample.notes],
    error,
  };
}
