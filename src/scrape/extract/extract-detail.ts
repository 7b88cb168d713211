import type { Follow } from '../config/follow.ts';
import type { Page } from '../lib/page.ts';
import { ExtractionContext, type ExtractionRules } from './extraction-context.ts';
import { extractFieldValue } from './field-value.ts';
import type { Item } from './item.ts';

import { preferOutsideNoscript } from './noscript.ts';
import { withEmptyPageFacts } from './page-facts.ts';
import type { Unparsed } from './unparsed.ts';

/** What a row's own page yields. */
export interface Detail {
  fields: Item;
  /** By selector: how many elements of the page it matched. */
  matches: Record<string, number>;
  unread: Unparsed[];
}

/**
 * Takes the fields of `follow` from a row's own page: all of the page is about that row, so each field is its selector's
 * first match.
 * @throws ScrapeError `too_large` when the page is nested too deep for a selector
 */
export function extractDetail(
  page: Page,
  { selectors }: Pick<Follow, 'selectors'>,
  rules: ExtractionRules,
): Detail {
  const context = new ExtractionContext(page, rules);
  const fields = Object.entries(selectors).map(([name, field]) => {
    const found = preferOutsideNoscript(page, context.find(name, field.selector));
    context.count(name, found.length);
    return [name, extractFieldValue(context, name, field, found)] as const;
  });
  return { fields: Object.fromEntries(fields), matches: context.matches, unread: context.unread.list() };
}

/** The fields of a row whose page is not there. */
export function createEmptyDetail({ selectors, ...rules }: Omit<Follow, 'selector' | 'on_error'>): Item {
  const fields = Object.entries(selectors).map(([name, { multiple }]) => [name, multiple ? [] : null]);
  return withEmptyPageFacts(Object.fromEntries(fields), rules);
}
