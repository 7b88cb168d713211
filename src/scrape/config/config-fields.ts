import { SELECTOR_PATHS, type SelectorPart } from '../../core/model/selector-part.ts';
import type { ScrapeConfig } from './config-schema.ts';
import type { FieldSelector } from './field.ts';

type Fields = Pick<ScrapeConfig, 'selectors' | 'follow' | 'page_fields' | 'columns'>;

/** A selector of a configuration, by what its matches are counted under. */
export interface NamedSelector {
  part: Extract<SelectorPart, 'field' | 'follow'>;
  /** `price`, `reviews.stars` for a child, `follow.selector` for the link to the detail page. */
  name: string;
  selector: string;
  /** The keys that lead to its values in a row; none for the link. */
  path: readonly string[];
  /** Whether it is looked for on the detail page. */
  onDetailPage: boolean;
}

/** The name of the selector that finds a row's link. */
export const FOLLOW_LINK = SELECTOR_PATHS.follow;

/** The fields of a row, in the order of the output's columns. */
export function getColumns({ selectors, columns, follow }: Fields): string[] {
  return [
    ...(columns ?? Object.keys(selectors)),
    ...(follow?.columns ?? Object.keys(follow?.selectors ?? {})),
  ];
}

/** The fields that take facts of a page, of the row's or of its own page. */
export function getPageFieldNames({ page_fields, follow }: Fields): string[] {
  return Object.keys({ ...page_fields, ...follow?.page_fields });
}

/** Those that say when a page was fetched: they differ from run to run though nothing has changed. */
export function getFetchTimeFields({ page_fields, follow }: Fields): string[] {
  const all = Object.entries({ ...page_fields, ...follow?.page_fields });
  return all.flatMap(([name, fact]) => (fact === 'fetched_at' ? name : []));
}

/** Every field that can be spoken of: those of a row, and those within them (`reviews.stars`). */
export function getFieldNames(config: Fields): string[] {
  const selected = getSelectors(config).flatMap(({ name, path }) => (path.length === 0 ? [] : name));
  return [...selected, ...getPageFieldNames(config)];
}

/** The fields of a row whose type is a date. */
export function getDateColumns(config: Fields): string[] {
  const all = Object.entries({ ...config.selectors, ...config.follow?.selectors });
  return [...all.flatMap(([name, { type }]) => (type === 'date' ? name : [])), ...getFetchTimeFields(config)];
}

/** The fields of a row whose values are prices. */
export function getPriceColumns(config: Fields): string[] {
  const all = Object.entries({ ...config.selectors, ...config.follow?.selectors });
  return all.flatMap(([name, { type, multiple }]) => (type === 'price' && !multiple ? name : []));
}

/** Every selector that finds values, children behind their field, the detail page's last. */
export function getSelectors({ selectors, follow }: Fields): NamedSelector[] {
  const own = toNamedSelectors(selectors, [], false);
  if (follow === undefined) return own;
  const link = { part: 'follow', name: FOLLOW_LINK, selector: follow.selector } as const;
  return [
    ...own,
    { ...link, path: [], onDetailPage: false },
    ...toNamedSelectors(follow.selectors, [], true),
  ];
}

/** A selector that finds rows or pages, and no values. */
export interface PageSelector {
  part: Exclude<SelectorPart, 'field' | 'follow'>;
  selector: string;
}

/** The selectors that find rows and pages, as far as a configuration has them. */
export function getPageSelectors(
  config: Pick<ScrapeConfig, 'item' | 'pagination' | 'sitemap'>,
): PageSelector[] {
  const { item, sitemap } = config;
  const pagination = getPaginationSelector(config.pagination);
  const { include = [], url } = sitemap ?? {};
  const pages = include.length > 0 ? include.join(' or ') : url;
  const found = { sitemap: pages, item, pagination };
  return (['sitemap', 'item', 'pagination'] as const).flatMap((part) => {
    const selector = found[part];
    return selector === undefined ? [] : [{ part, selector }];
  });
}

/** The selector of what leads to further rows; undefined where pages are counted or named. */
export function getPaginationSelector(pagination: ScrapeConfig['pagination']): string | undefined {
  return 'selector' in pagination ? pagination.selector : undefined;
}

function toNamedSelectors(
  fields: Readonly<Record<string, FieldSelector>>,
  above: readonly string[],
  onDetailPage: boolean,
): NamedSelector[] {
  return Object.entries(fields).flatMap(([key, { selector, children }]) => {
    const path = [...above, key];
    return [
      { part: 'field' as const, name: path.join('.'), selector, path, onDetailPage },
      ...toNamedSelectors(children ?? {}, path, onDetailPage),
    ];
  });
}
