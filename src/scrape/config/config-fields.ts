import { SELECTOR_PATHS, type SelectorPart } from '../../core/model/check.ts';
import type { ScrapeConfig } from './config-schema.ts';
import type { FieldSelector } from './field.ts';
import { getFollowKey, getLinkName, listFollows } from './follow.ts';

type Fields = Pick<ScrapeConfig, 'selectors' | 'follow' | 'page_fields' | 'columns'>;

/** A selector of a configuration, with the name under which its matches are counted. */
export interface NamedSelector {
  part: Extract<SelectorPart, 'field' | 'follow'>;
  /** `price`, `reviews.stars` for a child, `follow.selector` for the link to the detail page. */
  name: string;
  selector: string;
  /** The keys that lead to its values in a row; empty for a link. */
  path: readonly string[];
  /** The page to which the selector is applied: 0 for the page of rows, 1 for the detail page, 2 for the page after it. */
  level: number;
}

/** The name of the selector that finds a row's link. */
export const FOLLOW_LINK = SELECTOR_PATHS.follow;

/** Returns the fields of a row, in the order of the output's columns. */
export function getColumns({ selectors, columns, follow }: Fields): string[] {
  return [{ selectors, columns }, ...listFollows(follow)].flatMap(
    (level) => level.columns ?? Object.keys(level.selectors),
  );
}

/** Returns the fields that hold facts about a page: the list page or one of the row's detail pages. */
function getPageFields({ page_fields, follow }: Fields): [string, string][] {
  return [{ page_fields }, ...listFollows(follow)].flatMap((level) =>
    Object.entries(level.page_fields ?? {}),
  );
}

/** Returns the names of the fields that hold facts about a page. */
export function getPageFieldNames(config: Fields): string[] {
  return getPageFields(config).map(([name]) => name);
}

/** Returns the fields that hold the fetch time. They differ from run to run even if nothing has changed. */
export function getFetchTimeFields(config: Fields): string[] {
  return getPageFields(config).flatMap(([name, fact]) => (fact === 'fetched_at' ? name : []));
}

/** Returns every field name that can be referred to: those of a row, and those nested in them (`reviews.stars`). */
export function getFieldNames(config: Fields): string[] {
  const selected = getSelectors(config).flatMap(({ name, path }) => (path.length === 0 ? [] : name));
  return [...selected, ...getPageFieldNames(config)];
}

/** Returns the fields of a row whose type is a date. */
export function getDateColumns(config: Fields): string[] {
  const dates = listFieldSelectors(config).flatMap(([name, { type }]) => (type === 'date' ? name : []));
  return [...dates, ...getFetchTimeFields(config)];
}

/** Returns the fields of a row whose values are prices. */
export function getPriceColumns(config: Fields): string[] {
  return listFieldSelectors(config).flatMap(([name, { type, multiple }]) =>
    type === 'price' && !multiple ? name : [],
  );
}

function listFieldSelectors({ selectors, follow }: Fields): [string, FieldSelector][] {
  return [{ selectors }, ...listFollows(follow)].flatMap((level) => Object.entries(level.selectors));
}

/** Returns every selector that finds values: children after their field, those of the last detail page last. */
export function getSelectors({ selectors, follow }: Fields): NamedSelector[] {
  const own = toNamedSelectors(selectors, [], 0);
  const levels = listFollows(follow).flatMap((one, above): NamedSelector[] => [
    { part: 'follow', name: getLinkName(above + 1), selector: one.selector, path: [], level: above },
    ...toNamedSelectors(one.selectors, [], above + 1),
  ]);
  return [...own, ...levels];
}

/** A selector that finds rows or pages, not values. */
export interface PageSelector {
  part: Exclude<SelectorPart, 'field' | 'follow'>;
  selector: string;
}

/** Returns the selectors that find rows and pages; absent ones are left out. */
export function getPageSelectors(
  config: Pick<ScrapeConfig, 'item' | 'table' | 'pagination' | 'sitemap'>,
): PageSelector[] {
  const { sitemap, item = config.table?.selector } = config;
  const pagination = getPaginationSelector(config.pagination);
  const { include = [], url } = sitemap ?? {};
  const pages = include.length > 0 ? include.join(' or ') : url;
  const found = { sitemap: pages, item, pagination };
  return (['sitemap', 'item', 'pagination'] as const).flatMap((part) => {
    const selector = found[part];
    return selector === undefined ? [] : [{ part, selector }];
  });
}

/** Returns the selector of the element that loads more rows; undefined if pages are numbered or listed. */
export function getPaginationSelector(pagination: ScrapeConfig['pagination']): string | undefined {
  return 'selector' in pagination ? pagination.selector : undefined;
}

function toNamedSelectors(
  fields: Readonly<Record<string, FieldSelector>>,
  above: readonly string[],
  level: number,
): NamedSelector[] {
  return Object.entries(fields).flatMap(([key, { selector, children }]) => {
    const path = [...above, key];
    return [
      { part: 'field' as const, name: path.join('.'), selector, path, level },
      ...toNamedSelectors(children ?? {}, path, level),
    ];
  });
}

/** A selector, and its key in the configuration: `item`, `selectors.price`, `selectors.seller.children.name`. */
export interface SelectorPlace {
  part: SelectorPart;
  /** The field; of other parts their key. */
  field: string;
  path: string;
  selector: string;
  /** The page to which it is applied: 0 for the page of rows, 1 and more for detail pages. */
  level: number;
}

/** Lists all selectors of a configuration with their keys, those of rows and pages first. */
export function listSelectorPlaces(config: ScrapeConfig): SelectorPlace[] {
  const pageParts = getPageSelectors(config).map(({ part, selector }) => {
    return { part, field: SELECTOR_PATHS[part], path: SELECTOR_PATHS[part], selector, level: 0 };
  });
  const fields = getSelectors(config).map(({ part, name, selector, path, level }) => {
    const place = `${level > 0 ? `${getFollowKey(level)}.` : ''}selectors.${path.join('.children.')}`;
    return { part, field: name, path: part === 'follow' ? name : place, selector, level };
  });
  return [...pageParts, ...fields];
}
