import type { CompareRequest, CompareResponse, RequestSent } from '../../core/configs/scraper-protocol.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Conceal } from '../../core/lib/redact.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { readSavedPage } from '../../core/runs/saved-pages.ts';
import { changeConfig } from '../config/change-config.ts';
import { getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { getFollowKey, listFollows } from '../config/follow.ts';
import { parseExtraction } from '../config/parse-config.ts';
import { extractDetail } from '../extract/extract-detail.ts';
import { loadPage } from '../extract/load-page.ts';
import { PageIndex } from '../extract/page-index.ts';
import { select } from '../extract/select.ts';
import type { Item, JsonValue, Page } from '../lib/page.ts';
import type { RawPage } from '../pagination/pagination-context.ts';
import { findJavascriptReason } from '../source/auto-source.ts';
import {
  type ChangedSelector,
  compareDetails,
  compareNames,
  comparePages,
  type DetailPage,
  findMissing,
  haveSameNames,
} from '../suggest/compare-pages.ts';
import { findPageSigns, getTitle, isEmptyList } from '../suggest/page-signs.ts';
import { tryExtractRows } from '../suggest/per-page.ts';
import { repairDetails, repairSelectors } from '../suggest/repair-selectors.ts';
import { revertSelectors } from '../suggest/revert-selectors.ts';
import type { SelectorChange } from '../suggest/selector-change.ts';
import type { RawLoad } from './fetch-question-page.ts';
import { createSavedPageConcealer, fetchRawPages } from './page-loader.ts';
import { suggestRepairs } from './suggest-repairs.ts';

type KeptPage = CompareRequest['now'][number];

const MAX_TITLE_CHARACTERS = 80;
const MAX_SAMPLE_CHARACTERS = 60;
const MAX_SAMPLE_ENTRIES = 3;
const MAX_CHANGED = 8;
const MAX_CHANGE_CHARACTERS = 300;
const MAX_CHANGES = 20;
/** Rows of the earlier page that say what values look like. */
const EARLIER_ROWS = 100;

/**
 * Compares the page that a run kept, or the live one, with that of a good run, by the selectors of a configuration: what
 * it is now, which selectors match less, and which ones hold the same values. Fetches nothing but the live page.
 * @param onRequest called before each request
 * @throws QuickscrapeError `invalid_config`, also when the live page cannot be fetched; `not_allowed` for a page that may
 *   contain a value that is not known here; `store_unavailable` for a page that is gone
 */
export async function comparePagesOfRun(
  question: CompareRequest,
  onRequest: (sent: RequestSent) => void = () => {},
): Promise<CompareResponse> {
  const { yaml, live } = question;
  const page = live && ({ from: 'config', yaml, number: 1, params: live.params } as const);
  return compareKeptPages(question, page && (await fetchRawPages({ ...question, page }, onRequest)));
}

/**
 * Compares pages that are there.
 * @param live the pages that were fetched; default: those that the run kept
 */
function compareKeptPages(question: CompareRequest, live?: RawLoad): CompareResponse {
  const conceal = createSavedPageConcealer(question);
  const written = parseExtraction(question.yaml, question.name, question.live?.params);
  const { embedded } = written.config;
  const pick = (pages: readonly KeptPage[], level: number) => {
    const page = pages.find((one) => getLevel(one) === level);
    return page && load(page, conceal, embedded);
  };
  const pickNow = (level: number) => {
    if (live === undefined) return pick(question.now, level);
    const found = level === 0 ? live : live.details?.find((one) => one.level === level);
    return found && parse(found.raw, found.url, { conceal: conceal ?? live.conceal, embedded });
  };
  const [now, before] = [pickNow(0), pick(question.before, 0)];
  const details = listFollows(written.config.follow).flatMap((follow, above): KeptDetail[] => {
    const level = above + 1;
    const [later, earlier] = [pickNow(level), pick(question.before, level)];
    return later ? [{ follow, level, now: later, before: earlier }] : [];
  });
  const [laterDetails, earlierDetails] = [new Map<number, Page>(), new Map<number, Page>()];
  for (const detail of details) {
    laterDetails.set(detail.level, detail.now.page);
    if (detail.before) earlierDetails.set(detail.level, detail.before.page);
  }
  const { config, changes: reverts } =
    now && before
      ? revertSelectors(
          question,
          question.earlier,
          { rows: before.page, details: earlierDetails },
          { rows: now.page, details: laterDetails },
        )
      : { ...written, changes: [] };
  const compared = details.map((detail) => compareDetail(detail, config));
  const changedDetails = compared.flatMap(({ changed }) => changed);
  const detailChanges = compared.flatMap(({ changes }) => changes);
  const difference = now && before && comparePages(before.page, now.page, config);
  const repair =
    now && before && difference && repairSelectors(before.page, now.page, config, difference.changed);
  const repaired = [...(repair?.changes ?? []), ...detailChanges];
  const reverted = reverts.filter(
    ({ path, matched }) => matched > 0 && !repaired.some((one) => one.path === path),
  );
  const changes = [...reverted, ...repaired].filter(({ value }) => isShort(value)).slice(0, MAX_CHANGES);
  const brokenDetail = compared.find(({ changed }) => changed.length > 0);
  const isOfDetail = brokenDetail !== undefined && difference?.changed.length === 0;
  const detail = isOfDetail ? brokenDetail : now === undefined ? (brokenDetail ?? compared[0]) : undefined;
  const [shown, earlier] = detail ? [detail.now, detail.before] : [now, before];
  const { gone, fresh } =
    isOfDetail && brokenDetail.before
      ? compareNames(brokenDetail.before.page, brokenDetail.now.page, {
          selectors: brokenDetail.follow.selectors,
        })
      : { gone: [], fresh: [], ...difference };
  const scripts = shown && findJavascriptReason(shown.page, config);
  const isEmpty =
    now !== undefined &&
    before !== undefined &&
    difference?.rows.now === 0 &&
    difference.rows.before > 0 &&
    isEmptyList(before.page, now.page, config);
  const after = repair && repair.changes.length + reverted.length > 0 ? repair : undefined;
  const broken = {
    changed: [...(difference?.changed ?? []), ...changedDetails].slice(0, MAX_CHANGED).map(withoutUndefined),
    missing: before
      ? []
      : findMissing(now?.page, compared.map(toDetailPage), config)
          .slice(0, MAX_CHANGED)
          .map(withoutUndefined),
  };
  return {
    shows: detail ? 'detail' : 'rows',
    ...(detail && detail.level > 1 && { level: detail.level }),
    now: shown ? describePage(shown) : null,
    before: earlier ? describePage(earlier) : null,
    signs: shown ? [...findPageSigns(shown.page), ...(isEmpty ? ['empty_list'] : [])] : [],
    signs_before: earlier ? findPageSigns(earlier.page) : [],
    scripts: scripts ?? null,
    rows: isOfDetail ? countDetails(brokenDetail, config) : (difference?.rows ?? null),
    ...broken,
    unchanged: difference?.unchanged ?? 0,
    gone,
    fresh,
    changes,
    reverted: reverted.map(({ path }) => path),
    is_same: now !== undefined && before !== undefined && haveSameNames(before.page, now.page),
    still_empty: [...(repair?.empty ?? []), ...compared.flatMap(listUnrepaired)],
    after: after
      ? { rows: after.rows, sample: shortenItem(after.sample) }
      : isOfDetail && changes.length > 0
        ? { rows: 1, sample: shortenItem(tryDetail(question, brokenDetail, changes)) }
        : null,
    ...(question.repair && {
      repair: suggestRepairs(withEarlierRows(question, before, config), now?.page, { ...broken, changes }),
    }),
  };
}

/** Where no rows of a good run are left, its page has some. */
function withEarlierRows(question: CompareRequest, before: Loaded | undefined, config: ScrapeConfig) {
  if (before === undefined || (question.earlier_rows ?? []).length > 0) return question;
  return { ...question, earlier_rows: tryExtractRows(before.page, config)?.take(EARLIER_ROWS) ?? [] };
}

function withoutUndefined<T extends { nearest?: unknown }>({ nearest, ...one }: T) {
  return { ...one, ...(nearest !== undefined && { nearest }) } as Omit<T, 'nearest'> & {
    nearest?: NonNullable<T['nearest']>;
  };
}

/** 0 for a page of rows; for a detail page its level of `follow`. */
function getLevel({ role, level = 1 }: KeptPage): number {
  return role === 'detail' ? level : 0;
}

/** A detail page, and the same of the good run. */
interface KeptDetail extends Omit<DetailPage, 'page'> {
  now: Loaded;
  before: Loaded | undefined;
}

interface ComparedDetail extends KeptDetail {
  changed: ChangedSelector[];
  changes: SelectorChange[];
}

function toDetailPage({ now, follow, level }: KeptDetail): DetailPage {
  return { page: now.page, follow, level };
}

/** @param config in which some selectors may be those of the good run again */
function compareDetail(kept: KeptDetail, config: ScrapeConfig): ComparedDetail {
  const { now, before, level } = kept;
  const follow = listFollows(config.follow)[level - 1] ?? kept.follow;
  const detail = { ...kept, follow };
  if (before === undefined) return { ...detail, changed: [], changes: [] };
  const changed = compareDetails(before.page, toDetailPage(detail), config);
  const changes =
    changed.length === 0 ? [] : repairDetails(before.page, toDetailPage(detail), config, changed);
  return { ...detail, now, changed, changes };
}

/** A detail page is a row, as long as one of its fields has a match. */
function countDetails({ changed, level }: ComparedDetail, config: ScrapeConfig) {
  const fields = getSelectors(config).filter((one) => one.level === level);
  return { before: 1, now: changed.length < fields.length ? 1 : 0 };
}

/** What a detail page gives with changes. */
function tryDetail(
  { yaml, name }: CompareRequest,
  { now, level }: ComparedDetail,
  changes: readonly SelectorChange[],
): Item | undefined {
  const values = Object.fromEntries(changes.map(({ path, value }) => [path, value]));
  try {
    const { config } = parseExtraction(changeConfig(yaml, name, values), name);
    const follow = listFollows(config.follow)[level - 1];
    return follow && extractDetail(now.page, follow, config, level).fields;
  } catch (error) {
    if (error instanceof QuickscrapeError) return undefined;
    throw error;
  }
}

/** The fields of detail pages for which no selector was found. */
function listUnrepaired({ changed, changes, level }: ComparedDetail): string[] {
  const repaired = changes.map(({ path }) => path.replaceAll('.children.', '.'));
  const place = `${getFollowKey(level)}.selectors`;
  return changed.flatMap(({ part, field }) =>
    repaired.includes(part === 'follow' ? field : `${place}.${field}`) ? [] : field,
  );
}

/** A page may have names of any length. */
function isShort(value: unknown): boolean {
  return JSON.stringify(value).length <= MAX_CHANGE_CHARACTERS;
}

interface Loaded {
  page: Page;
  bytes: number;
}

function load(kept: KeptPage, conceal: Conceal | undefined, embedded: string | undefined): Loaded {
  const { url, content_type: contentType, fetched_at: fetchedAt = Date.now() } = kept;
  return parse({ body: readSavedPage(kept), contentType, fetchedAt }, url, { conceal, embedded });
}

function parse(
  { body, contentType, fetchedAt }: Pick<RawPage, 'body' | 'contentType' | 'fetchedAt'>,
  url: string,
  options: { conceal: Conceal | undefined; embedded: string | undefined },
): Loaded {
  const page = loadPage(body, contentType || undefined, url, { ...options, fetchedAt });
  return { page: { ...page, index: new PageIndex(page) }, bytes: body.length };
}

function describePage({ page, bytes }: Loaded): NonNullable<CompareResponse['now']> {
  const language = select(page, 'html')[0]?.attribs['lang'] ?? '';
  return {
    url: page.url,
    title: shorten(getTitle(page), MAX_TITLE_CHARACTERS),
    bytes,
    ...(/^[\w-]{1,20}$/.test(language) && { language }),
  };
}

function shortenItem(item: Item | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item ?? {}).map(([name, value]) => [name, shortenValue(value)]));
}

/** The same shape as in a row: a list stays a list, and a price a price. */
function shortenValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return shorten(value, MAX_SAMPLE_CHARACTERS);
  if (Array.isArray(value)) return value.slice(0, MAX_SAMPLE_ENTRIES).map(shortenValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortenValue(inner)]));
}

function shorten(text: string, most: number): string {
  const clean = sanitizeText(text);
  return clean.length > most ? `${clean.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : clean;
}
