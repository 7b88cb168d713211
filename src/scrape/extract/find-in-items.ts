import type { PageElement } from '../lib/page.ts';
import { isAbsoluteXPath, parseXPathSelector } from '../selectors/xpath-selector.ts';
import type { ExtractionContext } from './extraction-context.ts';

import { getElement, type Match } from './match.ts';
import type { RootFinder } from './row-roots.ts';
import { isWithin } from './select.ts';

/** Matches by the element of the row that they belong to. */
type MatchesByItem = Map<PageElement, Match[]>;

/**
 * What a selector finds in each item. CSS, and XPath from the page's root (`//h3`), is looked for on the whole page, and
 * each match belongs to the innermost item that it lies in. Any other XPath is computed in each item, and may lead out
 * of it (`preceding-sibling::h2[1]`), but not into an item within.
 */
export function findInItems(
  context: ExtractionContext,
  name: string,
  selector: string,
  items: readonly PageElement[],
  finder: RootFinder,
): MatchesByItem {
  const expression = parseXPathSelector(selector);
  if (expression !== undefined && !isAbsoluteXPath(expression)) {
    return findInEach(items, (item) =>
      context.find(name, selector, item).filter((match) => {
        const root = getRoot(match, finder);
        return root === undefined || root === item || !isWithin(root, item);
      }),
    );
  }
  // :scope and jQuery's :first, :eq(n) … count from the item, so they need a look at each.
  if (expression === undefined && selector.includes(':')) {
    return findInEach(items, (item) =>
      context.find(name, selector, item).filter((match) => getRoot(match, finder) === item),
    );
  }
  const byItem: MatchesByItem = new Map();
  for (const match of context.find(name, selector)) {
    const root = getRoot(match, finder);
    if (getElement(match) === null) reportUnplacedValues(context, name, selector);
    else if (root === undefined) context.countOutside(name);
    if (root === undefined) continue;
    const list = byItem.get(root);
    if (list === undefined) byItem.set(root, [match]);
    else list.push(match);
  }
  return byItem;
}

function findInEach(items: readonly PageElement[], find: (item: PageElement) => Match[]): MatchesByItem {
  return new Map(items.map((item) => [item, find(item)]));
}

function getRoot(match: Match, finder: RootFinder): PageElement | undefined {
  const element = getElement(match);
  return element === null ? undefined : finder.rootOf(element);
}

function reportUnplacedValues(context: ExtractionContext, name: string, selector: string): void {
  context.unread.add(name, 'computes values that belong to no row (begin it with a point)', selector);
}
