import type { PageElement, PageNode, PageRoot } from '../lib/page.ts';
import { isAbsoluteXPath, parseXPathSelector } from '../selectors/selector-syntax.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { getElement, isElement, isWithin, type Match } from './select.ts';

type Parent = PageNode | PageRoot;

/**
 * Returns for each element its highest ancestor (or itself) that contains no other of the elements. Each ancestor is
 * visited at most twice, however many elements there are.
 */
export function findExclusiveAncestors(elements: readonly PageElement[]): PageElement[] {
  const owners = new Map<Parent, PageElement | 'shared'>();
  for (const element of elements) claimAncestors(element, owners);
  return elements.map((element) => {
    let top = element;
    while (isElement(top.parent) && owners.get(top.parent) === element) top = top.parent;
    return top;
  });
}

function claimAncestors(element: PageElement, owners: Map<Parent, PageElement | 'shared'>): void {
  let node: Parent | null = element;
  for (; node !== null && !owners.has(node); node = node.parent) owners.set(node, element);
  for (; node !== null && owners.get(node) !== 'shared'; node = node.parent) owners.set(node, 'shared');
}

/** Finds the innermost of `roots` that is or contains an element. Caches results, so each ancestor is visited once. */
export class RootFinder {
  readonly #known = new Map<Parent, PageElement | undefined>();

  constructor(roots: readonly PageElement[]) {
    for (const root of roots) this.#known.set(root, root);
  }

  rootOf(element: PageElement): PageElement | undefined {
    const visited: Parent[] = [];
    let node: Parent | null = element;
    for (; node !== null && !this.#known.has(node); node = node.parent) visited.push(node);
    const root = node === null ? undefined : this.#known.get(node);
    for (const below of visited) this.#known.set(below, root);
    return root;
  }
}

/** Matches by the element of their row. */
type MatchesByItem = Map<PageElement, Match[]>;

/**
 * Returns a selector's matches in each item. CSS and absolute XPath (`//h3`) are evaluated on the whole page, and each
 * match belongs to the innermost item that contains it. Any other XPath is evaluated in each item. It may lead out of
 * the item (`preceding-sibling::h2[1]`), but not into a nested item.
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
  // :scope and jQuery's :first, :eq(n) … are relative to the item, so they are evaluated in each item.
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
  context.unread.add(name, 'computes values that belong to no row (start it with a dot)', selector);
}
