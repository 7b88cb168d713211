import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { guessItem } from './guess-item.ts';

import { findExclusiveAncestors } from './row-roots.ts';
import { select } from './select.ts';

/** Which of the two is wrong when nothing comes of them: the item, or the fields. */
export function describeItemMismatch(
  page: Page,
  { selectors }: Pick<ScrapeConfig, 'selectors'>,
  item: string,
  { items, matches }: { items: number; matches: Readonly<Record<string, number>> },
): string[] {
  if (items > 0) {
    return Object.values(matches).some((count) => count > 0)
      ? []
      : [`item "${item}" matches ${items} times on ${page.url}, and no field matches within`];
  }
  const outside = Object.entries(selectors).find(([, { selector }]) => select(page, selector).length > 0);
  return outside === undefined
    ? []
    : [`item "${item}" matches nothing on ${page.url}, though "${outside[0]}" does`];
}

/** The counts of fields that match unequally often, and what could be the item. */
export function describeUnevenCounts(
  page: Page,
  found: readonly (readonly [string, readonly PageElement[]])[],
): string {
  // The count that most fields agree on tells rows from what merely appears in them several times.
  const votes = (count: number) => found.filter(([, elements]) => elements.length === count).length;
  const [, typical = []] =
    [...found]
      .filter(([, elements]) => elements.length > 1)
      .sort(([, a], [, b]) => votes(b.length) - votes(a.length) || b.length - a.length)[0] ?? [];
  const counts = found.map(([name, elements]) => `${name} ${elements.length}`).join(', ');
  const guess = guessItem(page, findExclusiveAncestors(typical));
  const advice =
    guess === undefined ? 'Name the element that holds one row: item: "…"' : `Perhaps: item: "${guess}"`;
  return `fields match unequally often on ${page.url} (${counts}), so rows were put together by what stands nearest. ${advice}`;
}
