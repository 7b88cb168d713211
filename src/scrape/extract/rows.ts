import type { ScrapeConfig } from '../config/schema.ts';
import { RootFinder, territories } from './ancestry.ts';
import { guessItem } from './guess-item.ts';
import type { Item } from './item.ts';
import type { Page, PageElement } from './page.ts';
import { select } from './select.ts';
import { fieldValue, isEmpty } from './values.ts';

/** What one page yields. */
export interface Extraction {
  rows: Item[];
  /** By field: how many elements of the page its selector matched (with `item`: within the items). */
  matches: Record<string, number>;
  /** At most one. */
  warnings: string[];
}

type Rules = Pick<ScrapeConfig, 'item' | 'selectors' | 'data_cleaning'>;

/** The matches of each field in one row. */
type Found = Map<string, PageElement[]>;

/**
 * Takes the rows from a page.
 *
 * With `item`, each element that it matches is a row; a match that lies in nested items belongs to the innermost.
 * Without, the field with the most matches (fields with `multiple` aside) sets the rows: each of its matches owns
 * the largest element around it that holds no other match of it, and takes the other fields from there. So a field
 * that is missing in one row stays null there and shifts nothing. When no field matches more than once, the page is
 * one row. A row in which every field is empty is left out.
 * @throws ScrapeError `too_large` when the page is nested too deep for a selector
 */
export function extractRows(page: Page, config: Rules): Extraction {
  return config.item === undefined ? groupedRows(page, config) : itemRows(page, config, config.item);
}

function itemRows(page: Page, config: Rules, item: string): Extraction {
  const items = select(page, item);
  const finder = new RootFinder(items);
  const found = new Map(items.map((element) => [element, new Map<string, PageElement[]>()]));
  for (const [name, field] of Object.entries(config.selectors)) {
    // :scope and jQuery's :first, :eq(n) … count from the item, so they need a look at each.
    const matches = field.selector.includes(':')
      ? items.flatMap((element) =>
          select(page, field.selector, element).filter((match) => finder.rootOf(match) === element),
        )
      : select(page, field.selector);
    share(name, matches, finder, found);
  }
  const matches = countWithin(config, [...found.values()]);
  const rows = makeRows(page, config, [...found.values()]);
  return { rows, matches, warnings: itemWarning(page, config, item, { items: items.length, matches }) };
}

function groupedRows(page: Page, config: Rules): Extraction {
  const all: Found = new Map();
  for (const [name, { selector }] of Object.entries(config.selectors)) all.set(name, select(page, selector));
  const matches = countWithin(config, [all]);
  const single = [...all].filter(([name]) => config.selectors[name]?.multiple !== true);
  const most = single.reduce<readonly PageElement[]>(
    (best, [, found]) => (found.length > best.length ? found : best),
    [],
  );
  if (most.length < 2) return { rows: makeRows(page, config, [all]), matches, warnings: [] };

  const roots = territories(most);
  const finder = new RootFinder(roots);
  const found = new Map(roots.map((root) => [root, new Map<string, PageElement[]>()]));
  for (const [name, elements] of all) share(name, elements, finder, found);
  const rows = makeRows(page, config, [...found.values()]);
  const uneven = single.some(([, elements]) => elements.length !== most.length);
  return { rows, matches, warnings: uneven ? [unevenWarning(page, single)] : [] };
}

/** Hands each match to the row that it lies in. */
function share(
  name: string,
  matches: readonly PageElement[],
  finder: RootFinder,
  found: ReadonlyMap<PageElement, Found>,
): void {
  for (const match of matches) {
    const root = finder.rootOf(match);
    const row = root === undefined ? undefined : found.get(root);
    const list = row?.get(name);
    if (list === undefined) row?.set(name, [match]);
    else list.push(match);
  }
}

function makeRows(page: Page, config: Rules, found: readonly Found[]): Item[] {
  const rows = found.map((matches) =>
    Object.entries(config.selectors).map(
      ([name, field]) =>
        [name, fieldValue(page, field, matches.get(name) ?? [], config.data_cleaning)] as const,
    ),
  );
  return rows.filter((row) => row.some(([, value]) => !isEmpty(value))).map((row) => Object.fromEntries(row));
}

function countWithin(config: Rules, found: readonly Found[]): Record<string, number> {
  const count = (name: string) => found.reduce((sum, row) => sum + (row.get(name)?.length ?? 0), 0);
  return Object.fromEntries(Object.keys(config.selectors).map((name) => [name, count(name)]));
}

/** Which of the two is wrong when nothing comes of them: the item, or the fields. */
function itemWarning(
  page: Page,
  config: Rules,
  item: string,
  { items, matches }: { items: number; matches: Record<string, number> },
): string[] {
  if (items > 0) {
    return Object.values(matches).some((count) => count > 0)
      ? []
      : [`item "${item}" matches ${items} times on ${page.url}, and no field matches within`];
  }
  const outside = Object.entries(config.selectors).find(
    ([, { selector }]) => select(page, selector).length > 0,
  );
  return outside === undefined
    ? []
    : [`item "${item}" matches nothing on ${page.url}, though "${outside[0]}" does`];
}

function unevenWarning(page: Page, found: readonly (readonly [string, readonly PageElement[]])[]): string {
  // The count that most fields agree on tells rows from what merely appears in them several times.
  const votes = (count: number) => found.filter(([, elements]) => elements.length === count).length;
  const [, typical = []] =
    [...found]
      .filter(([, elements]) => elements.length > 1)
      .sort(([, a], [, b]) => votes(b.length) - votes(a.length) || b.length - a.length)[0] ?? [];
  const counts = found.map(([name, elements]) => `${name} ${elements.length}`).join(', ');
  const guess = guessItem(page, territories(typical));
  const advice =
    guess === undefined ? 'Name the element that holds one row: item: "…"' : `Perhaps: item: "${guess}"`;
  return `fields match unequally often on ${page.url} (${counts}), so rows were put together by what stands nearest. ${advice}`;
}
