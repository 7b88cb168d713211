/**
 * The target of a configuration's selector: a value, a row, the next page, a row's own page, or the pages of a sitemap.
 */
export const SELECTOR_PARTS = ['field', 'item', 'pagination', 'follow', 'sitemap'] as const;
export type SelectorPart = (typeof SELECTOR_PARTS)[number];

/** The configuration keys of the selectors that do not select values. */
export const SELECTOR_PATHS = {
  sitemap: 'sitemap',
  item: 'item',
  pagination: 'pagination.selector',
  follow: 'follow.selector',
} as const satisfies Record<Exclude<SelectorPart, 'field'>, string>;
