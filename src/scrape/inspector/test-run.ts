import { readHomeEnvironment } from '../../core/configs/home-environment.ts';
import type {
  RequestSent,
  TestProgress,
  TestRequest,
  TestResponse,
} from '../../core/configs/scraper-protocol.ts';
import { resolveHome } from '../../core/fs/paths.ts';
import { type Conceal, createConcealer, type Redact } from '../../core/lib/redact.ts';
import { pluralize } from '../../core/lib/text.ts';
import { readSavedPage } from '../../core/runs/saved-pages.ts';
import { Settings } from '../../core/settings/settings.ts';
import { getSelectors } from '../config/config-fields.ts';
import { applySettings, type ScrapeConfig } from '../config/config-schema.ts';
import { listFollows } from '../config/follow.ts';
import { formatIssue } from '../config/issue-location.ts';
import { getVariableValues, parseConfig, parseExtraction } from '../config/parse-config.ts';
import type { DetailFields } from '../crawl/detail-pages.ts';
import { noItemsError } from '../crawl/no-items-error.ts';
import { visitPages } from '../crawl/pipeline.ts';
import { ruleChecks } from '../crawl/rule-checks.ts';
import { ValueChecker } from '../crawl/value-checker.ts';
import { createEmptyDetail, extractDetail, withPageFacts } from '../extract/extract-detail.ts';
import { extractRows } from '../extract/extract-rows.ts';
import { loadPage } from '../extract/load-page.ts';
import type { Item, JsonValue } from '../lib/page.ts';
import { redactUrl } from '../lib/page-url.ts';
import { redactError } from '../lib/redact.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { RawPage } from '../pagination/pagination-context.ts';
import { describeConcealment, type Progress, type RowSink } from '../source/pages-request.ts';
import { createSavedPageConcealer } from './page-loader.ts';
import { type SelectorOnPages, TestStats } from './page-matches.ts';
import { SentRequests } from './sent-requests.ts';
import { createTestAccess } from './test-addresses.ts';

/** A person waits for the result, so a site that does not answer gets one retry instead of four. */
const RETRIES = { retries: 1, baseMs: 500 };
/** The part of the time limit in which pages are fetched; the rest is for reporting the results. */
const FETCH_TIME_SHARE = 0.9;

/** How values of variables are kept out of an answer. */
interface Redaction {
  redact: Redact;
  /**
   * Also conceals the values from selectors. Rows, counts and warnings of pages are then free of values, and are
   * returned as they are.
   */
  conceal: Conceal | undefined;
  /**
   * Follows no address that the configuration computes: the request would carry filled-in values
   * (extract/read-link.ts).
   */
  writtenLinksOnly: boolean;
}

/** The inputs of a test run, and the collectors of its results. */
interface TestRun extends Redaction {
  config: ScrapeConfig;
  stats: TestStats;
  rows: SampleRows;
}

/**
 * Fetches the first pages of a configuration and shows what it extracts from them; stores nothing.
 * @param onRequest called before each request, without the values of variables
 * @param onPage called after each page
 * @throws QuickscrapeError `invalid_config` for a configuration that a run would reject too, such as one with an unset
 *   variable
 */
export async function testLivePages(
  question: TestRequest,
  onRequest: (sent: RequestSent) => void,
  onPage: (progress: TestProgress) => void = () => {},
): Promise<TestResponse> {
  const { yaml, name, home, max_pages: maxPages, time_limit_ms } = question;
  const paths = resolveHome({ home });
  const {
    config: own,
    warnings,
    values,
    written,
    ...text
  } = parseConfig(yaml, name, readHomeEnvironment(paths).env, question.params);
  const conceal = question.conceal && createConcealer({ ...values, ...written });
  // A browser may show a page whose written secrets are concealed, and no variables.
  const concealsVariables = conceal !== undefined && createConcealer(values) !== undefined;
  const writtenLinksOnly = concealsVariables && question.conceal?.is_persons !== true;
  const redact = question.conceal === undefined ? text.redact : text.redactSparing;
  const config = applySettings(own, new Settings(paths));
  const limitMs = time_limit_ms * FETCH_TIME_SHARE;
  // Counted from the start of this program, as the calling process does.
  const signal = AbortSignal.timeout(Math.max(0, Math.round(limitMs - performance.now())));
  const onProgress = ({ pages, items, total_pages: total }: Progress) => onPage({ pages, items, total });
  const doubts = warnings.map(formatIssue);
  if (conceal !== undefined && question.conceal?.is_told)
    doubts.push(describeConcealment({ ...values, ...written }));
  const how = { redact, conceal, writtenLinksOnly };
  const sent = new SentRequests(config, redact);
  const response = await runTest(question, config, doubts, how, async ({ stats, rows }) => {
    try {
      const request = {
        config,
        addresses: createTestAccess(paths, question.conceal !== undefined),
        maxPages,
        maxDetails: question.sample_items,
        retries: RETRIES,
        signal,
        onSent: (sent: RequestSent) => onRequest({ ...sent, hosts: sent.hosts.map(redact) }),
        onPageRequest: (address: string) => sent.add(address),
        writtenLinksOnly,
        unfill: question.conceal === undefined ? text.unfill : redact,
        ...(conceal && { concealPages: conceal, redact }),
        ...(concealsVariables && { conceal }),
      };
      await visitPages({ ...request, onProgress, log() {} }, stats, rows);
    } catch (error) {
      if (!signal.aborted) throw error;
      const timeoutMessage = `stopped after ${limitMs / 1000} s, with ${stats.pages} of at most ${maxPages} pages`;
      if (stats.items === 0)
        throw new ScrapeError('timeout', timeoutMessage, {
          hint: 'The site is slow or does not respond: try again, or test fewer pages (max_pages).',
        });
      stats.addWarning(timeoutMessage);
    }
  });
  return sent.shown.length === 0 ? response : { ...response, requests: sent.shown };
}

/** Extracts rows from saved pages, as they came from the site; fetches nothing. */
export async function testSavedPages(question: TestRequest): Promise<TestResponse> {
  const { yaml, name, pages = [], max_pages } = question;
  const { config, warnings } = parseExtraction(yaml, name, question.params);
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
      const details = new SavedDetails();
      for (const { url, source, role, level = 1 } of read) {
        if (role === 'detail') details.add(url, level, extractSavedDetail(testRun, url, source, level));
      }
      const listPages = read.filter(({ role }) => role !== 'detail').slice(0, max_pages);
      for (const { url, source } of listPages) await extractSavedRows(testRun, url, source, details);
      if (listPages.length > 0) return;
      // Only detail pages are saved, so each row has only the fields of its own page.
      for (const { url, source, level = 1 } of read) {
        const fields = [details.get(url, level)?.fields ?? {}];
        testRun.stats.addRows(fields, getSelectors(config), { url, source });
        await testRun.rows.add(fields);
      }
    },
  );
}

/** Whether a run of the configuration would refuse addresses that it computes. */
function forbidsComputedUrls({ yaml, name, home, conceal }: TestRequest): boolean {
  const { env } = readHomeEnvironment(resolveHome({ home }));
  return conceal?.is_persons !== true && createConcealer(getVariableValues(yaml, name, env)) !== undefined;
}

/** What saved detail pages give, by address and level. */
class SavedDetails {
  readonly #known = new Map<string, DetailFields>();

  add(url: string, level: number, detail: DetailFields): void {
    this.#known.set(`${level} ${url}`, detail);
  }

  get(url: string, level: number): DetailFields | undefined {
    return this.#known.get(`${level} ${url}`);
  }
}

function extractSavedDetail(
  { config, conceal, writtenLinksOnly, stats }: TestRun,
  url: string,
  source: RawPage,
  level: number,
): DetailFields {
  const follow = listFollows(config.follow)[level - 1];
  if (follow === undefined) return { fields: {}, link: null };
  const loaded = loadPage(source.body, source.contentType || undefined, url, {
    conceal,
    fetchedAt: source.fetchedAt,
    embedded: config.embedded,
  });
  const page = { ...loaded, writtenLinksOnly };
  const { fields: selected, link, ...found } = extractDetail(page, follow, config, level);
  const fields = withPageFacts(selected, page, follow);
  stats.addDetail({ page, source, ...found }, fields, getSelectors(config), level);
  return { fields, link };
}

/** Extracts the rows of a list page, with the fields of each row's detail pages if these are saved. */
async function extractSavedRows(
  { config, conceal, writtenLinksOnly, stats, rows }: TestRun,
  url: string,
  source: RawPage,
  details: SavedDetails,
): Promise<void> {
  const loaded = loadPage(source.body, source.contentType || undefined, url, {
    conceal,
    fetchedAt: source.fetchedAt,
    embedded: config.embedded,
  });
  const page = { ...loaded, writtenLinksOnly };
  if (page.note !== undefined) stats.addWarning(page.note, page.url);
  const extraction = extractRows(page, config);
  const complete = extraction.rows.map((row, index) => {
    let link = extraction.links?.[index] ?? null;
    const fields = listFollows(config.follow).map((follow, above) => {
      const detail = details.get(link ?? '', above + 1);
      link = detail?.link ?? null;
      return detail?.fields ?? createEmptyDetail(follow);
    });
    return Object.assign(withPageFacts(row, page, config), ...fields) as Item;
  });
  stats.addPage({ page, source, ...extraction });
  stats.addRows(complete, getSelectors(config), { url, source });
  await rows.add(complete);
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
  const stats = new TestStats();
  const checker = new ValueChecker(config);
  const testRun = { config, ...redaction, stats, rows: new SampleRows(sample_items, checker) };
  const { rows } = testRun;
  // Values are already concealed. Redacting again would confirm a client's guess of a value.
  const shown: Redact = conceal === undefined ? redact : (text) => text;
  let failure = await visit(testRun).then(
    () => undefined,
    (thrown: unknown) => redactError(thrown, redact),
  );
  if (failure === undefined && stats.items === 0 && config.expect.allow_empty !== true)
    failure = redactError(noItemsError(stats, config), shown);
  if (failure !== undefined && !(failure instanceof ScrapeError)) throw failure;
  const error = failure === undefined ? null : toTestError(failure);
  const sample = rows.shown(shown);
  const failed = ruleChecks(config.expect, checker.counts(), stats.unparsedValues()).filter(
    ({ passed }) => !passed,
  );
  const duplicates =
    stats.duplicates === 0
      ? []
      : [`${pluralize(stats.duplicates, 'row was', 'rows were')} left out (dedupe)`];
  return {
    pages: stats.pages,
    items: stats.items,
    sample: sample.rows,
    page_list: stats.listPages().map((page) => ({ ...page, url: shown(redactUrl(page.url)) })),
    matches: stats.listMatches(config).map((one) => redactMatches(one, redact, shown)),
    warnings: [
      ...doubts,
      ...stats.warnings().map(shown),
      ...failed.map(({ message }) => shown(message)),
      ...duplicates,
      ...sample.notes,
    ],
    error,
  };
}

/** @param shown for what pages contain */
function redactMatches(one: SelectorOnPages, redact: Redact, shown: Redact): SelectorOnPages {
  const { nearest } = one;
  return {
    ...one,
    selector: redact(one.selector),
    ...(nearest && {
      nearest: {
        ...nearest,
        prefix: redact(nearest.prefix),
        missing: redact(nearest.missing),
        near: nearest.near.map(shown),
      },
    }),
  };
}

/** A page may have megabytes in one field, but a sample only needs to show what kind of content it has. */
const MAX_TEXT_CHARACTERS = 1_000;
const MAX_LIST_ENTRIES = 50;
const MAX_TOTAL_CHARACTERS = 200_000;

/** Collects the first scraped rows. */
export class SampleRows implements RowSink {
  readonly #rows: Item[] = [];
  readonly #wanted: number;
  readonly #checker: Pick<ValueChecker, 'check'> | undefined;

  /** @param checker counts all rows, also those that are not shown */
  constructor(wanted: number, checker?: Pick<ValueChecker, 'check'>) {
    this.#wanted = wanted;
    this.#checker = checker;
  }

  async add(rows: readonly Item[]): Promise<void> {
    for (const row of rows) this.#checker?.check(row);
    this.#rows.push(...rows.slice(0, this.#wanted - this.#rows.length));
  }

  /** Returns the rows with long values truncated, and notes about what was truncated or left out. */
  shown(redact: Redact): { rows: Item[]; notes: string[] } {
    const cut = new RowTruncator(redact);
    const rows: Item[] = [];
    let characters = 0;
    for (const row of this.#rows) {
      const shown = cut.row(row);
      characters += JSON.stringify(shown).length;
      if (characters > MAX_TOTAL_CHARACTERS) break;
      rows.push(shown);
    }
    const left = this.#rows.length - rows.length;
    return {
      rows,
      notes: [
        ...(cut.hasTruncated
          ? [
              `the sample shows ${MAX_TEXT_CHARACTERS} characters of a text and ${MAX_LIST_ENTRIES} entries of a list; a run stores all`,
            ]
          : []),
        ...(left > 0
          ? [`the sample is ${pluralize(left, 'row')} shorter than requested: its rows are very long`]
          : []),
      ],
    };
  }
}

class RowTruncator {
  hasTruncated = false;
  readonly #redact: Redact;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  row(row: Item): Item {
    return Object.fromEntries(Object.entries(row).map(([field, value]) => [field, this.#value(value)]));
  }

  #value(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) {
      this.hasTruncated ||= value.length > MAX_LIST_ENTRIES;
      return value.slice(0, MAX_LIST_ENTRIES).map((entry) => this.#value(entry));
    }
    return typeof value === 'object' && value !== null ? this.row(value) : value;
  }

  /** Redacted because a site may echo the value of a request header. */
  #text(text: string): string {
    if (text.length <= MAX_TEXT_CHARACTERS) return this.#redact(text);
    this.hasTruncated = true;
    // Half a surrogate pair would be shown as garbage.
    return this.#redact(`${text.slice(0, MAX_TEXT_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`);
  }
}
