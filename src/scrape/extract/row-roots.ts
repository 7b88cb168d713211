import type { PageElement, PageNode, PageRoot } from '../lib/page.ts';
import { isElement } from './select.ts';

type Parent = PageNode | PageRoot;

/**
 * For each of `elements` its highest ancestor (or itself) that holds no other of them. Each ancestor is looked at
 * twice at most, however many elements there are.
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

/** Finds the innermost of `roots` that an element is or lies in. Remembers, so that every ancestor is climbed once. */
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
