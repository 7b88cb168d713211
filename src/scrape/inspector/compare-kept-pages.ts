import type { CompareRequest, CompareResponse } from '../../core/configs/scraper-protocol.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Conceal } from '../../core/lib/redact.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import { readSavedPage } from '../../core/runs/saved-pages.ts';
import { changeConfig } from '../config/change-config.ts';
import { getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { parseExtraction } from '../config/parse-config.ts';
import { extractDetail } from '../extract/extract-detail.ts';
import { loadPage } from '../extract/load-page.ts';
import type { Item, JsonValue, Page } from '../lib/page.ts';
import { findJavascriptReason } from '../source/auto-source.ts';
import {
  type ChangedSelector,
  compareDetails,
  compareNames,
  comparePages,
  findMissing,
  haveSameNames,
} from '../suggest/compare-pages.ts';
import { findPageSigns, getTitle, isEmptyList } from '../suggest/page-signs.ts';
import { repairDetails, repairSelectors, type SelectorChange } from '../suggest/repair-selectors.ts';
import { revertSelectors } from '../suggest/revert-selectors.ts';
import { createSavedPageConcealer } from './page-loader.ts';

type KeptPage = CompareRequest['now'][number];

const MAX_TITLE_CHARACTERS = 80;
const MAX_SAMPLE_CHARACTERS = 60;
const MAX_SAMPLE_ENTRIES = 3;
const MAX_CHANGED = 8;
const MAX_CHANGE_CHARACTERS = 300;
const MAX_CHANGES = 20;

/**
 * Compares the page that a run kept with that of a good run, by the selectors of a configuration: what it is now, which
 * selectors match less, and which ones hold the same values. Fetches nothing.
 * @throws QuickscrapeError `invalid_config`; `not_allowed` for a page that may contain a value that is not known here;
 *   `store_unavailable` for a page that is gone
 */
export function compareKeptPages(question: CompareRequest): CompareResponse {
  const conceal = createSavedPageConcealer(question);
  const written = parseExtraction(question.yaml, question.name);
  const pick = (pages: readonly KeptPage[], isDetail: boolean) => {
    const page = pages.find(({ role }) => (role === 'detail') === isDetail);
    return page && load(page, conceal, written.config.embedded);
  };
  const now = pick(question.now, false);
  const before = pick(question.before, false);
  const [detailNow, detailThen] = [pick(question.now, true), pick(question.before, true)];
  const { config, changes: reverts } =
    now && before
      ? revertSelectors(
          question,
          question.earlier,
          { rows: before.page, detail: detailThen?.page },
          { rows: now.page, detail: detailNow?.page },
        )
      : { ...written, changes: [] };
  const details =
    config.follow && detailNow && detailThen
      ? compareDetails(detailThen.page, detailNow.page, config.follow, config)
      : [];
  const detailChanges =
    config.follow && detailNow && detailThen && details.length > 0
      ? repairDetails(detailThen.page, detailNow.page, config.follow, config, details)
      : [];
  const difference = now && before && comparePages(before.page, now.page, config);
  const repair =
    now && before && difference && repairSelectors(before.page, now.page, config, difference.changed);
  const repaired = [...(repair?.changes ?? []), ...detailChanges];
  const reverted = reverts.filter(
    ({ path, matched }) => matched > 0 && !repaired.some((one) => one.path === path),
  );
  const changes = [...reverted, ...repaired].filter(({ value }) => isShort(value)).slice(0, MAX_CHANGES);
  const isOfDetail = details.length > 0 && difference?.changed.length === 0;
  const [shown, earlier] = isOfDetail || now === undefined ? [detailNow, detailThen] : [now, before];
  const { gone, fresh } =
    isOfDetail && detailNow && detailThen && config.follow
      ? compareNames(detailThen.page, detailNow.page, { selectors: config.follow.selectors })
      : { gone: [], fresh: [], ...difference };
  const scripts = shown && findJavascriptReason(shown.page, config);
  const isEmpty =
    now !== undefined &&
    before !== undefined &&
    difference?.rows.now === 0 &&
    difference.rows.before > 0 &&
    isEmptyList(before.page, now.page, config);
  const after = repair && repair.changes.length + reverted.length > 0 ? repair : undefined;
  return {
    shows: shown !== undefined && shown === detailNow ? 'detail' : 'rows',
    now: shown ? describePage(shown) : null,
    before: earlier ? describePage(earlier) : null,
    signs: shown ? [...findPageSigns(shown.page), ...(isEmpty ? ['empty_list'] : [])] : [],
    signs_before: earlier ? findPageSigns(earlier.page) : [],
    scripts: scripts ?? null,
    rows: isOfDetail ? countDetails(details, config) : (difference?.rows ?? null),
    changed: [...(difference?.changed ?? []), ...details].slice(0, MAX_CHANGED).map(withoutUndefined),
    missing: before
      ? []
      : findMissing(now?.page, detailNow?.page, config).slice(0, MAX_CHANGED).map(withoutUndefined),
    unchanged: difference?.unchanged ?? 0,
    gone,
    fresh,
    changes,
    reverted: reverted.map(({ path }) => path),
    is_same: now !== undefined && before !== undefined && haveSameNames(before.page, now.page),
    still_empty: [...(repair?.empty ?? []), ...listUnrepaired(details, detailChanges)],
    after: after
      ? { rows: after.rows, sample: shortenItem(after.sample) }
      : isOfDetail && detailNow && changes.length > 0
        ? { rows: 1, sample: shortenItem(tryDetail(question, detailNow.page, changes)) }
        : null,
  };
}

function withoutUndefined<T extends { nearest?: unknown }>({ nearest, ...one }: T) {
  return { ...one, ...(nearest !== undefined && { nearest }) } as Omit<T, 'nearest'> & {
    nearest?: NonNullable<T['nearest']>;
  };
}

/** A detail page is a row, as long as one of its fields has a match. */
function countDetails(changed: readonly ChangedSelector[], config: ScrapeConfig) {
  const fields = getSelectors(config).filter(({ onDetailPage }) => onDetailPage);
  return { before: 1, now: changed.length < fields.length ? 1 : 0 };
}

/** What a detail page gives with changes. */
function tryDetail(
  { yaml, name }: CompareRequest,
  page: Page,
  changes: readonly SelectorChange[],
): Item | undefined {
  const values = Object.fromEntries(changes.map(({ path, value }) => [path, value]));
  try {
    const { config } = parseExtraction(changeConfig(yaml, name, values), name);
    return config.follow && extractDetail(page, config.follow, config).fields;
  } catch (error) {
    if (error instanceof QuickscrapeError) return undefined;
    throw error;
  }
}

/** The fields of detail pages for which no selector was found. */
function listUnrepaired(changed: readonly ChangedSelector[], changes: readonly SelectorChange[]): string[] {
  const repaired = changes.map(({ path }) => path.replaceAll('.children.', '.'));
  return changed.map(({ field }) => field).filter((field) => !repaired.includes(`follow.selectors.${field}`));
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
  const body = readSavedPage(kept);
  const page = loadPage(body, contentType || undefined, url, { conceal, fetchedAt, embedded });
  return { page, bytes: body.length };
}

function describePage({ page, bytes }: Loaded): NonNullable<CompareResponse['now']> {
  const language = page.$('html').attr('lang') ?? '';
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
