import { getPaginationSelector, getSelectors } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { isDataSelector } from '../selectors/data-selector.ts';
import { describeManyValues, extractDataRows } from './extract-data-rows.ts';
import { extractTableRows } from './extract-table-rows.ts';
import { ExtractionContext } from './extraction-context.ts';
import { findRequired } from './find-matches.ts';
import { type Extraction, listSelectors, makeRows, type RowMatches, type RowRules } from './make-rows.ts';
import { describeNameCase } from './name-case.ts';
import { preferOutsideNoscript } from './parse-html.ts';
import { findExclusiveAncestors, findInItems, RootFinder } from './row-roots.ts';
import { countMatches, getElement, isElement, isTextMatch, type Match, select } from './select.ts';

/** Suggests a selector for `item`: it matches the elements that seem to hold one row each. */
function guessItem(page: Page, rows: readonly PageElement[]): string | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const own = describeElement(first, rows);
  const parents = rows.map(({ parent }) => parent).filter(isElement);
  const [parent] = parents;
  const candidates = [own, ...(parent === undefined ? [] : [`${describeElement(parent, parents)} > ${own}`])];
  // Slightly more matches than rows are allowed: a row may lack the field.
  const fits = (selector: string) => countMatches(page, selector) <= rows.length * 1.2;
  return candidates.find(fits) ?? own;
}

/** Returns the tag and the classes that all elements share. */
function describeElement(element: PageElement, all: readonly PageElement[]): string {
  const classes = getClasses(element).filter((name) =>
    all.every((other) => getClasses(other).includes(name)),
  );
  return [element.name, ...classes.slice(0, 3)].join('.');
}

function getClasses(element: PageElement): string[] {
  return (element.attribs['class'] ?? '').split(/\s+/).filter((name) => /^[A-Za-z_][\w-]*$/.test(name));
}

/** Explains an empty result: either `item` is wrong, or the fields are. */
function describeItemMismatch(
  page: Page,
  { selectors }: Pick<ScrapeConfig, 'selectors'>,
  item: string,
  { items, matches }: { items: number; matches: Readonly<Record<string, number>> },
): string[] {
  if (items > 0) {
    return Object.values(matches).some((count) => count > 0)
      ? []
      : [
          `item "${item}" matches ${items === 1 ? 'once' : `${items} times`} on ${page.url}, and no field matches within`,
        ];
  }
  const told = describeNameCase(page, item);
  if (told !== undefined) return [`item "${item}" matches nothing on ${page.url}: ${told}`];
  const outside = Object.entries(selectors).find(([, { selector }]) => select(page, selector).length > 0);
  return outside === undefined
    ? []
    : [`item "${item}" matches nothing on ${page.url}, though "${outside[0]}" does`];
}

/** Reports fields that match unequally often, and suggests an `item`. */
function describeUnevenCounts(
  page: Page,
  found: readonly (readonly [string, readonly PageElement[]])[],
): string {
  // The count shared by most fields is the number of rows; other fields may appear several times in a row.
  const votes = (count: number) => found.filter(([, elements]) => elements.length === count).length;
  const [, typical = []] =
    [...found]
      .filter(([, elements]) => elements.length > 1)
      .sort(([, a], [, b]) => votes(b.length) - votes(a.length) || b.length - a.length)[0] ?? [];
  const counts = found.map(([name, elements]) => `${name} ${elements.length}`).join(', ');
  const guess = guessItem(page, findExclusiveAncestors(typical));
  const advice =
    guess === undefined ? 'Name the element that holds one row: item: "…"' : `Perhaps: item: "${guess}"`;
  return `fields have different numbers of matches on ${page.url} (${counts}), so each row was built from the nearest matches. ${advice}`;
}

/**
 * Extracts the rows of a page.
 *
 * With `item`, each element that it matches is a row ({@link findInItems}), or each value of data
 * ({@link extractDataRows}). A field of data in the rows of elements is the page's, and equal in all of them.
 * Without `item`, the field with the most matches defines the rows; fields with `multiple` do not count. Each match
 * owns the largest element around it that contains no other match of that field. The other fields are taken from there,
 * so a missing field is null in its row and shifts nothing. If no field matches more than once, the page is one row.
 *
 * A row in which every field is empty is dropped.
 * @throws ScrapeError `too_large` if the page is nested too deep for a selector
 * @throws ScrapeError `config` if the XPath of `item` or `pagination` cannot be computed on the page
 */
export function extractRows(page: Page, config: RowRules): Extraction {
  const context = new ExtractionContext(page, config);
  for (const { name, level } of getSelectors(config)) if (level === 0) context.count(name, 0);
  const extraction = extractBy(context, config);
  const next = config.pagination && getPaginationSelector(config.pagination);
  if (next !== undefined) {
    // `findRequired` and not `select`: an XPath may return the address itself.
    extraction.found.pagination = findRequired(page, next, 'pagination').length;
  }
  return extraction;
}

function extractBy(context: ExtractionContext, config: RowRules): Extraction {
  const { item, table } = config;
  if (table !== undefined) return extractTableRows(context, config, table);
  if (item === undefined) return extractGroupedRows(context, config);
  return isDataSelector(item)
    ? extractDataRows(context, config, item)
    : extractItemRows(context, config, item);
}

function extractItemRows(context: ExtractionContext, config: RowRules, item: string): Extraction {
  const all = findRequired(context.page, item, 'item');
  const items = preferOutsideNoscript(
    context.page,
    all.filter((found): found is PageElement => !isTextMatch(found)),
  );
  const finder = new RootFinder(items);
  const found = new Map(items.map((element): [PageElement, RowMatches] => [element, new Map()]));
  for (const [name, selector] of listSelectors(config)) {
    if (isDataSelector(selector)) {
      const ofPage = context.find(name, selector);
      for (const row of found.values()) row.set(name, ofPage);
      continue;
    }
    for (const [element, matches] of findInItems(context, name, selector, items, finder))
      found.get(element)?.set(name, preferOutsideNoscript(context.page, matches));
  }
  const extraction = makeRows(context, config, found.values());
  const counts = { items: items.length, matches: extraction.matches };
  return {
    ...extraction,
    found: { item: items.length, outside: context.outside },
    warnings: describeItemMismatch(context.page, config, item, counts),
  };
}

function extractGroupedRows(context: ExtractionContext, config: RowRules): Extraction {
  const looked = listSelectors(config);
  const all: RowMatches = new Map();
  // XPaths that compute a value, or that cannot be computed on the whole page, are evaluated in each row.
  const computed = new Map<string, string>();
  for (const [name, selector] of looked) {
    const found = context.findElements(selector);
    if (found === undefined) computed.set(name, selector);
    else all.set(name, preferOutsideNoscript(context.page, found));
  }
  const placed = looked.map(([name]) => [name, toElements(all.get(name) ?? [])] as const);
  const single = placed.filter(([name]) => config.selectors[name]?.multiple === false && !computed.has(name));
  const most = single.reduce<readonly PageElement[]>(
    (best, [, found]) => (found.length > best.length ? found : best),
    [],
  );
  if (most.length < 2) {
    for (const [name, selector] of computed)
      all.set(name, preferOutsideNoscript(context.page, context.find(name, selector)));
    return {
      ...makeRows(context, config, [all]),
      warnings: describeManyValues(context.page, config, all),
    };
  }
  const rows = groupMatchesByRoot(all, findExclusiveAncestors(most));
  for (const [root, row] of rows)
    for (const [name, selector] of computed)
      row.set(name, preferOutsideNoscript(context.page, context.find(name, selector, root)));
  const extraction = makeRows(context, config, rows.values());
  const uneven = single.some(([, elements]) => elements.length !== most.length);
  return uneven ? { ...extraction, warnings: [describeUnevenCounts(context.page, single)] } : extraction;
}

/** Assigns each match to the row that contains it. */
function groupMatchesByRoot(all: RowMatches, roots: readonly PageElement[]): Map<PageElement, RowMatches> {
  const finder = new RootFinder(roots);
  const rows = new Map(roots.map((root): [PageElement, RowMatches] => [root, new Map()]));
  for (const [name, found] of all) {
    for (const match of found) {
      const element = getElement(match);
      const root = element === null ? undefined : finder.rootOf(element);
      const row = root === undefined ? undefined : rows.get(root);
      const list = row?.get(name);
      if (list === undefined) row?.set(name, [match]);
      else list.push(match);
    }
  }
  return rows;
}

function toElements(found: readonly Match[]): PageElement[] {
  return [...new Set(found.map(getElement).filter((element) => element !== null))];
}
