import { median } from '../lib/median.ts';
import { pluralize } from '../lib/text.ts';
import { getLinkLevel, SELECTOR_PATHS, type Suspect } from '../model/check.ts';
import type { RunShape } from '../model/run-shape.ts';
import type { SelectorFindings } from '../runs/selector-findings.ts';

const FOLLOW = SELECTOR_PATHS.follow;

/** The baseline is this many of the last good runs. */
export const BASELINE_RUNS = 5;
/** With fewer good runs there is no baseline. */
export const MIN_BASELINE_RUNS = 3;

/** Less than this share of the usual value is a drop. */
const DROP_SHARE = 0.5;
/** A field counts as always filled when at least this share of the items of each good run has it. */
const ALWAYS_FILLED_SHARE = 0.9;
/** An increase of a share by this much over every good run is not chance. */
const MIN_INCREASE = 0.25;
/** A run with a smaller usual number of items never fails: one sold-out item would resemble broken selectors. */
const MIN_ITEMS_TO_FAIL = 5;
/** A field that is empty in fewer items than this may be empty by chance. */
const MIN_EMPTY_ITEMS = 3;
/**
 * When the selector of detail pages is broken, at most this share of the links remains. When items are sold out, more
 * remain.
 */
const NEAR_ZERO_SHARE = 0.1;
/** The share of the usual value that counts as most of it. */
const HIGH_SHARE = 0.75;
/** Up to this many recommendations beside the items are not counted as items. */
const MAX_RECOMMENDATIONS = 10;
/** Pages with at most this many rows are detail pages. */
const MAX_ROWS_PER_DETAIL_PAGE = 1.5;

/** The findings of a run that recorded how it went through its pages. */
export type ShapedFindings = SelectorFindings & { shape: RunShape };

/** The configuration's selectors of rows and further pages; `null` for those that it does not have. */
export interface SelectorPaths {
  item: string | null;
  /** The key, such as `pagination.selector`, and the selector if the key holds one. */
  pagination: { field: string; selector: string | null } | null;
  /** The link to the row's own page. */
  follow: string | null;
  /** The address patterns of the pages to take, or else the sitemap's address. */
  sitemap: string | null;
}

/** A drop below half of the usual value. */
export interface Drop {
  message: string;
  items: number;
  runs: number;
  /** The likely broken selector; `null` when the site may simply show less. */
  cause: Cause | null;
  /** Without a cause: why there is none. */
  doubt: string;
}

interface Cause {
  suspect: Suspect;
  message: string;
}

/**
 * Returns whether a run found less than half of what the last good runs found, and the likely cause. A cause is a
 * selector that led to rows or pages in each of those runs and no longer does. A drop alone is not a cause, because the
 * site may really show less.
 * @param past the last good runs of the same extent, at least {@link MIN_BASELINE_RUNS}
 * @returns `undefined` when nothing dropped, or when there are too few runs to compare with
 */
export function findDrop(
  now: ShapedFindings,
  past: readonly ShapedFindings[],
  places: SelectorPaths,
): Drop | undefined {
  if (past.length < MIN_BASELINE_RUNS) return undefined;
  const usual = (value: (one: ShapedFindings) => number) => median(past.map(value));
  const [items, pages] = [usual((one) => one.items), usual((one) => one.pages)];
  const figures = `${pluralize(now.items, 'item')} from ${pluralize(now.pages, 'page')}, usually ${formatAmount(items)} from ${formatAmount(pages)} (median of ${past.length} good runs)`;
  const fell =
    now.items < DROP_SHARE * items ||
    now.pages < DROP_SHARE * pages ||
    now.shape.pages < DROP_SHARE * usual((one) => one.shape.pages);
  const isEmptier = !fell && past.every((one) => filledShare(now, one) < DROP_SHARE);
  if (!fell && !isEmptier) return undefined;
  const message = isEmptier ? `less than half of the usual values: ${figures}` : figures;
  const cause = findCause(now, past, places);
  const seen = cause ?? fieldCause(now, past, 1);
  const doubt =
    seen === null
      ? 'no selector seems to be broken, so the site may show less'
      : `${seen.message}; with so few items, the site may also just show less`;
  return { message, items, runs: past.length, cause: items < MIN_ITEMS_TO_FAIL ? null : cause, doubt };
}

function findCause(
  now: ShapedFindings,
  past: readonly ShapedFindings[],
  places: SelectorPaths,
): Cause | null {
  const ofItems = followCause(now, past, places) ?? fieldCause(now, past, MIN_EMPTY_ITEMS);
  // With as many items on fewer pages, the pages are longer now, and nothing is missing.
  if (now.items >= ALWAYS_FILLED_SHARE * median(past.map(({ items }) => items))) return ofItems;
  return (
    sitemapCause(now, past, places) ??
    itemCause(now, past, places) ??
    ofItems ??
    paginationCause(now, past, places)
  );
}

/** Returns how full an item is now, as a share of the earlier run, by the fields of both runs. */
function filledShare(now: SelectorFindings, then: SelectorFindings): number {
  if (now.items === 0 || then.items === 0) return 1;
  const fields = Object.keys(now.selectors).filter((field) => Object.hasOwn(then.selectors, field));
  const values = ({ selectors, items }: SelectorFindings) =>
    fields.reduce((sum, field) => sum + (selectors[field]?.filled ?? 0), 0) / items;
  const before = values(then);
  return before === 0 ? 1 : values(now) / before;
}

function sitemapCause(
  { shape: { sitemap } }: ShapedFindings,
  past: readonly ShapedFindings[],
  { sitemap: selector }: SelectorPaths,
): Cause | null {
  const before = past.flatMap(({ shape }) => (shape.sitemap === null ? [] : [shape.sitemap]));
  if (sitemap === null || before.length < MIN_BASELINE_RUNS) return null;
  const usual = Math.round(median(before.map(({ pages }) => pages)));
  if (sitemap.pages >= DROP_SHARE * usual) return null;
  const suspect: Suspect = { part: 'sitemap', field: 'sitemap', selector, matched: sitemap.pages, usual };
  const others = ({ pages, entries }: typeof sitemap) => entries - pages;
  // Removed entries are not a sign of a broken pattern. Entries that are left out instead are.
  if (others(sitemap) - median(before.map(others)) >= (usual - sitemap.pages) / 2)
    return {
      suspect,
      message: `only ${formatAmount(sitemap.pages)} of the sitemap's ${pluralize(sitemap.entries, 'entry', 'entries')} were taken (${selector}), usually ${formatAmount(usual)}`,
    };
  if (sitemap.empty > Math.max(...before.map(({ empty }) => empty)))
    return {
      suspect,
      message: `${sitemap.empty} of ${pluralize(sitemap.files, 'file')} of the sitemap (${selector}) ${sitemap.empty === 1 ? 'is' : 'are'} empty`,
    };
  return null;
}

/** Detects rows that exist but are not matched. */
function itemCause(
  now: ShapedFindings,
  past: readonly ShapedFindings[],
  { item }: SelectorPaths,
): Cause | null {
  const { shape, parts } = now;
  const matched = parts.item?.matched ?? shape.rows;
  const perPage = past.map(
    (one) => (one.parts.item?.matched ?? one.shape.rows) / Math.max(1, one.shape.pages),
  );
  const usual = Math.round(median(perPage) * shape.pages);
  const what = item === null ? 'the pattern that recognizes the rows' : `the selector of the items (${item})`;
  const found = (message: string): Cause | null => ({
    suspect: { part: 'item', field: item === null ? null : 'item', selector: item, matched, usual },
    message: `${what} ${message}`,
  });
  const share = (one: ShapedFindings, part: 'barren' | 'innerBarren', whole: 'pages' | 'inner') =>
    one.shape[part] / Math.max(1, one.shape[whole]);
  const most = (part: 'barren' | 'innerBarren', whole: 'pages' | 'inner') =>
    Math.max(...past.map((one) => share(one, part, whole)));
  if (share(now, 'innerBarren', 'inner') > most('innerBarren', 'inner') + MIN_INCREASE)
    return found(`found nothing on ${shape.innerBarren} of ${pluralize(shape.inner, 'page')} that lead on`);
  const bare = Math.max(...past.map((one) => one.shape.bareEnds / Math.max(1, one.shape.ends)));
  if (shape.bareEnds >= bare * shape.ends + 0.5)
    return found(`found nothing on ${pluralize(shape.bareEnds, 'page')} that another one leads to`);
  const rowsPerPage = past.map(({ shape: then }) => then.rows / Math.max(1, then.pages - then.barren));
  // Error pages of deleted items share one title. Pages in a new layout have different titles.
  const own = shape.barren - shape.alike;
  if (
    median(rowsPerPage) <= MAX_ROWS_PER_DETAIL_PAGE &&
    own / Math.max(1, shape.pages) > most('barren', 'pages') + MIN_INCREASE
  )
    return found(`found nothing on ${shape.barren} of ${pluralize(shape.pages, 'page')}`);
  const stray = item === null ? undefined : findStrayField(now, past);
  if (stray !== undefined)
    return found(
      `matched ${formatAmount(matched)} (usually ${formatAmount(usual)} on as many pages), and ${formatAmount(stray.count)} matches of ${stray.field} lie outside`,
    );
  const full = fullPageSize(past);
  // If a limit ended the sequence of pages, pages may just be shorter, and the number of further pages is unknown.
  if (shape.ends > 0 && shape.full !== null && full !== undefined && shape.full < DROP_SHARE * full)
    return found(
      `found ${pluralize(shape.full, 'row')} on pages that lead on, usually ${formatAmount(full)}`,
    );
  return null;
}

/** Finds a field with new matches outside the items: nearly as many as it usually has inside. */
function findStrayField(now: ShapedFindings, past: readonly ShapedFindings[]) {
  const aPage = (count: number | undefined, { shape }: ShapedFindings) =>
    (count ?? 0) / Math.max(1, shape.pages);
  for (const [field, count] of Object.entries(now.shape.outside)) {
    const before = Math.max(...past.map((one) => aPage(ownValue(one.shape.outside, field), one)));
    const within = median(past.map((one) => aPage(ownValue(one.selectors, field)?.matched, one)));
    // New elements around the items are not a sign while the field still matches inside as before.
    if (aPage(ownValue(now.selectors, field)?.matched, now) >= within / 2) continue;
    if (aPage(count, now) - before >= Math.max(MAX_RECOMMENDATIONS, HIGH_SHARE * within))
      return { field, count };
  }
  return undefined;
}

/**
 * Detects an empty field that every item had before, or a link of a detail page that is gone: it comes before the
 * fields of the page to which it led.
 */
function fieldCause(now: ShapedFindings, past: readonly ShapedFindings[], least: number): Cause | null {
  for (const [field, { selector, matched, filled, usual }] of Object.entries(now.selectors)) {
    if (filled > 0 || now.items < least || field === FOLLOW) continue;
    const isLink = getLinkLevel(field) > 1;
    const always = past.every((one) => {
      const then = ownValue(one.selectors, field);
      if (then === undefined || one.items === 0) return false;
      // Several rows may share a detail page.
      return isLink ? then.filled > 0 : then.filled >= ALWAYS_FILLED_SHARE * one.items;
    });
    if (!always) continue;
    const holds =
      matched === 0 ? 'matched nothing' : `matched ${formatAmount(matched)}, but they hold no value`;
    if (isLink)
      return {
        suspect: { part: 'follow', field, selector, matched, usual },
        message: `${field} (${selector}) matched nothing, so no detail page led to a further one, as in earlier runs`,
      };
    return {
      suspect: { part: 'field', field, selector, matched, usual },
      message: `the selector of ${field} (${selector}) ${holds}, though every item usually has it`,
    };
  }
  return null;
}

function followCause(
  { shape, selectors }: ShapedFindings,
  past: readonly ShapedFindings[],
  { follow: selector }: SelectorPaths,
): Cause | null {
  if (selector === null || shape.rows === 0) return null;
  const usual = median(past.map(({ shape: then }) => then.links / Math.max(1, then.rows)));
  if (
    usual < MIN_INCREASE ||
    shape.rows < MIN_EMPTY_ITEMS ||
    shape.links >= NEAR_ZERO_SHARE * usual * shape.rows
  )
    return null;
  const matched = ownValue(selectors, FOLLOW)?.matched ?? 0;
  return {
    suspect: { part: 'follow', field: FOLLOW, selector, matched, usual: Math.round(usual * shape.rows) },
    message: `the selector of the detail pages (${selector}) led to one from ${formatAmount(shape.links)} of ${pluralize(shape.rows, 'row')}, usually from ${Math.round(100 * usual)} %`,
  };
}

/** Detects further pages or rows that the pagination no longer reaches. */
function paginationCause(
  { shape }: ShapedFindings,
  past: readonly ShapedFindings[],
  { pagination }: SelectorPaths,
): Cause | null {
  const usualPages = median(past.map((one) => one.shape.pages));
  if (pagination === null) return null;
  const { field, selector } = pagination;
  const what =
    selector === null ? `the way to the next page (${field})` : `the selector of the next page (${selector})`;
  const found = (message: string): Cause | null => ({
    suspect: {
      part: 'pagination',
      field,
      selector,
      matched: shape.pages,
      usual: Math.round(usualPages),
    },
    message: `${what} ${message}`,
  });
  // For a page that grows in a browser: no step loaded more, though the page has as many rows as one step used to load.
  const batch = median(past.map((one) => one.shape.rows / (one.shape.steps + one.shape.pages)));
  if (
    shape.steps === 0 &&
    past.every((one) => one.shape.steps > 0) &&
    shape.rows >= ALWAYS_FILLED_SHARE * batch * shape.pages
  )
    return found(
      `loaded nothing more, usually in ${formatAmount(median(past.map((one) => one.shape.steps)))} steps`,
    );
  if (shape.pages >= usualPages) return null;
  const isMore = (part: 'further' | 'back') => {
    const before = Math.max(...past.map((one) => one.shape[part] / Math.max(1, one.shape.ends)));
    return shape[part] >= before * shape.ends + 0.5;
  };
  const full = fullPageSize(past);
  // The last page may link to itself, like a single page that is not full.
  const isFullAgain = full === undefined || shape.full === null || shape.full >= full;
  if (isFullAgain && shape.repeats > Math.max(...past.map((one) => one.shape.repeats)))
    return found(`led to the same rows again on ${pluralize(shape.repeats, 'page')}`);
  if (isMore('further'))
    return found(`does not match the link to a further page on ${pluralize(shape.further, 'page')}`);
  if (isMore('back')) return found(`leads back to pages that were fetched before`);
  if (full === undefined) return null;
  const isFull = (one: RunShape) =>
    Object.entries(one.single).reduce((sum, [rows, count]) => sum + (Number(rows) >= full ? count : 0), 0);
  const lost = median(past.map((one) => one.shape.led)) - shape.led;
  const more = isFull(shape) - median(past.map((one) => isFull(one.shape)));
  if (full === 0 || lost <= 0 || more <= 0 || more < HIGH_SHARE * lost) return null;
  return found(
    `led nowhere from ${pluralize(isFull(shape), 'page')} as full as those from which it usually leads on (${formatAmount(full)} rows)`,
  );
}

/** The usual number of rows on a page that leads to a further one; `undefined` when none does. */
function fullPageSize(past: readonly ShapedFindings[]): number | undefined {
  const values = past.flatMap(({ shape }) => (shape.full === null ? [] : [shape.full]));
  return values.length === 0 ? undefined : Math.floor(median(values));
}

function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function formatAmount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}
