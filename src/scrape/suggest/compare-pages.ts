import { isDeepStrictEqual } from 'node:util';
import type { SelectorPart } from '../../core/model/check.ts';
import { getPageSelectors, getSelectors } from '../config/config-fields.ts';
import type { Follow } from '../config/follow.ts';
import { extractDetail } from '../extract/extract-detail.ts';
import { select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { isDataSelector } from '../selectors/data-selector.ts';
import { getDescendants } from './dom-helpers.ts';
import type { NearestMiss } from './near-names.ts';
import { findMiss } from './near-selectors.ts';
import { findNearestMiss } from './nearest-miss.ts';
import { countNames, countPageNames, type ExtractionRules, tryExtractRows } from './per-page.ts';

/** A selector that matches less than before. */
export interface ChangedSelector {
  part: SelectorPart;
  field: string;
  selector: string;
  /** Elements that it matched on the earlier page. */
  before: number;
  now: number;
  nearest?: NearestMiss | undefined;
}

/** How two pages differ for the selectors of a configuration. */
export interface PageDifference {
  /** Rows on both pages. */
  rows: { before: number; now: number };
  /** The selectors that match nothing now, or less than half as often in a row. */
  changed: ChangedSelector[];
  /** The number of selectors that match as before. */
  unchanged: number;
  /** Names of elements in the earlier rows that the later page lacks, and names that are new on it: `.price ×20`. */
  gone: string[];
  fresh: string[];
}

/** The selectors of data within which a field reads: those of the rows and of its parents; empty on a page of elements. */
export function listDataAbove(
  rules: Pick<ExtractionRules, 'item' | 'selectors'>,
  path: readonly string[],
): string[] {
  if (rules.item === undefined || !isDataSelector(rules.item)) return [];
  let fields = rules.selectors;
  const parents = path.slice(0, -1).flatMap((name) => {
    const { selector, children = {} } = fields[name] ?? {};
    fields = children;
    return selector === undefined ? [] : [selector];
  });
  return [rules.item, ...parents];
}

const MAX_NAMES = 6;
/** A selector that matches less than this share of before, in a row, has changed. */
const CHANGED_SHARE = 0.5;

/** Compares a page with an earlier one on which the selectors worked. Pure. */
export function comparePages(before: Page, now: Page, rules: ExtractionRules): PageDifference {
  const earlier = tryExtractRows(before, rules);
  const later = tryExtractRows(now, rules);
  const rows = { before: earlier?.count ?? 0, now: later?.count ?? 0 };
  const hasItems = (later?.found.item ?? 1) > 0;
  const scale = (earlier?.found.item ?? rows.before) / Math.max(1, later?.found.item ?? rows.now);
  const pageParts = getPageSelectors(rules).flatMap(({ part, selector }) => {
    if (part === 'sitemap') return [];
    const field = part === 'item' ? 'item' : 'pagination.selector';
    const counts = { before: earlier?.found[part] ?? 0, now: later?.found[part] ?? 0 };
    return [{ part, field, selector, ...counts, isChanged: counts.before > 0 && counts.now === 0 }];
  });
  const fields = getSelectors(rules)
    .filter(({ level }) => level === 0)
    .map(({ part, name, selector, path }) => {
      // Without items, a field is looked for on the whole page.
      const anywhere = !hasItems && path.length === 1 ? select(now, selector).length : 0;
      const counts = { before: earlier?.matches[name] ?? 0, now: later?.matches[name] || anywhere };
      const isFewer = hasItems && counts.now * Math.max(1, scale) < counts.before * CHANGED_SHARE;
      return {
        part,
        field: name,
        selector,
        ...counts,
        isChanged: counts.before > 0 && (counts.now === 0 || isFewer),
      };
    });
  return describeDifference(before, now, rules, rows, [...pageParts, ...fields]);
}

/** A detail page, and its level of `follow`. */
export interface DetailPage {
  page: Page;
  follow: Follow;
  level: number;
}

/** A selector that matches nothing. */
export type MissingSelector = Omit<ChangedSelector, 'before' | 'now'>;

/** Lists the selectors that match nothing on a page that cannot be compared. Pure. */
export function findMissing(
  page: Page | undefined,
  details: readonly DetailPage[],
  rules: ExtractionRules,
): MissingSelector[] {
  const extraction = page && tryExtractRows(page, rules);
  const items = page && rules.item !== undefined ? select(page, rules.item) : [];
  const inDetail = new Map(
    details.map((one) => [
      one.level,
      { page: one.page, matches: extractDetail(one.page, one.follow, rules, one.level).matches },
    ]),
  );
  const all = [
    ...getPageSelectors(rules).flatMap(({ part, selector }) =>
      part === 'item'
        ? [{ part, field: 'item', selector, path: [], on: page, count: extraction?.found.item }]
        : [],
    ),
    ...getSelectors(rules).map(({ part, name: field, selector, path, level }) => {
      const detail = inDetail.get(level);
      if (level > 0)
        return {
          part,
          field,
          selector,
          path,
          on: detail?.page,
          count: detail && (detail.matches[field] ?? 0),
        };
      // Without items, a field is looked for on the whole page. One of data reads in a row alone.
      const isData = rules.item !== undefined && isDataSelector(rules.item);
      if (isData && !extraction?.found.item) return { part, field, selector, path, on: undefined, count: 0 };
      const isAlone = page !== undefined && items.length === 0 && path.length === 1 && !isData;
      const count = isAlone ? select(page, selector).length : extraction && (extraction.matches[field] ?? 0);
      return { part, field, selector, path, on: page, count };
    }),
  ];
  return all.flatMap(({ on, count, path, ...one }) => {
    if (on === undefined || count !== 0) return [];
    const isInRow = on === page && one.field !== 'item';
    const roots = isInRow && items.length > 0 ? items : undefined;
    const above = isInRow ? listDataAbove(rules, path) : [];
    return [{ ...one, nearest: findMiss(on, one.selector, { roots, above }) }];
  });
}

/** Whether two pages consist of the same tags, classes and ids, as often. */
export function haveSameNames(before: Page, now: Page): boolean {
  return isDeepStrictEqual(countPageNames(before), countPageNames(now));
}

/** Compares a detail page with an earlier one of its level. Pure. */
export function compareDetails(
  before: Page,
  { page: now, follow, level }: DetailPage,
  rules: ExtractionRules,
): ChangedSelector[] {
  const earlier = extractDetail(before, follow, rules, level).matches;
  const later = extractDetail(now, follow, rules, level).matches;
  return getSelectors(rules).flatMap(({ part, name, selector, level: own }) => {
    const counts = { before: earlier[name] ?? 0, now: later[name] ?? 0 };
    if (own !== level || counts.before === 0 || counts.now > 0) return [];
    return [{ part, field: name, selector, ...counts, nearest: findNearestMiss(now, selector) }];
  });
}

function describeDifference(
  before: Page,
  now: Page,
  rules: ExtractionRules,
  rows: PageDifference['rows'],
  all: readonly (ChangedSelector & { isChanged: boolean })[],
): PageDifference {
  const items = rules.item === undefined ? [] : select(now, rules.item);
  const changed = all.flatMap(({ isChanged, ...one }): ChangedSelector[] => {
    if (!isChanged) return [];
    const within = one.part === 'field' || one.part === 'follow' ? items : [];
    const nearest =
      one.now > 0 ? undefined : findNearestMiss(now, one.selector, within.length > 0 ? within : undefined);
    return [{ ...one, nearest }];
  });
  const names = changed.length === 0 ? { gone: [], fresh: [] } : compareNames(before, now, rules);
  return { rows, changed, unchanged: all.length - changed.length, ...names };
}

/** Compares the names of classes, ids and tags: those of the earlier rows with those of the whole later page. */
export function compareNames(
  before: Page,
  now: Page,
  rules: Pick<ExtractionRules, 'item' | 'selectors' | 'follow'>,
): Pick<PageDifference, 'gone' | 'fresh'> {
  const items = rules.item === undefined ? [] : select(before, rules.item);
  const everywhere = countPageNames(before);
  const rows = items.length > 0 ? countNames(withDescendants(items)) : everywhere;
  const later = countPageNames(now);
  const used =
    getSelectors(rules)
      .map(({ selector }) => selector)
      .join(' ') + (rules.item ?? '');
  const isUsed = (name: string) => used.includes(name);
  const gone = [...rows]
    .filter(([name]) => !later.has(name))
    .sort((a, b) => Number(isUsed(b[0])) - Number(isUsed(a[0])) || b[1] - a[1]);
  const size = Math.max(1, items.length);
  const fresh = [...later]
    .filter(([name, count]) => !everywhere.has(name) && (count > 1 || size === 1))
    .sort((a, b) => Math.abs(a[1] - size) - Math.abs(b[1] - size));
  return { gone: formatNames(gone), fresh: formatNames(fresh) };
}

function formatNames(names: readonly (readonly [string, number])[]): string[] {
  return names.slice(0, MAX_NAMES).map(([name, count]) => `${name} ×${count}`);
}

/** Yields elements and all in them. */
export function* withDescendants(elements: readonly PageElement[]): Generator<PageElement> {
  for (const element of elements) {
    yield element;
    yield* getDescendants(element);
  }
}
