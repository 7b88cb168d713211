/**
 * What a selector of a configuration finds: a value, a row, the way to the next page, the link to a row's own page, or the
 * pages of a sitemap.
 */
export const SELECTOR_PARTS = ['field', 'item', 'pagination', 'follow', 'sitemap'] as const;
export type SelectorPart = (typeof SELECTOR_PARTS)[number];

/** Where the configuration has the selectors that find no values. */
export const SELECTOR_PATHS = {
  sitemap: 'sitemap',
  item: 'item',
  pagination: 'pagination.selector',
  follow: 'follow.selector',
} as const satisfies Record<Exclude<SelectorPart, 'field'>, string>;
