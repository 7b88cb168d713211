import { isElement } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';
import { getCommonClasses } from './class-names.ts';

/** The tag, and the classes that all of some elements have in common, at most two of them: `article.product_pod`. */
export function toCommonSelector(elements: readonly PageElement[]): string {
  const [first] = elements;
  return first === undefined ? '*' : [first.name, ...getCommonClasses(elements).slice(0, 2)].join('.');
}

/** The elements around one, the nearest first. */
export function getAncestors(element: PageElement): PageElement[] {
  const found: PageElement[] = [];
  for (let { parent } = element; isElement(parent); parent = parent.parent) found.push(parent);
  return found;
}

/** An element and what is around it in its row, from within; a row may go on after the element that begins it. */
export function getPathWithin(element: PageElement, row: PageElement): PageElement[] {
  const path = [element, ...getAncestors(element)];
  const end = path.findIndex((each) => each === row || each === row.parent);
  return end < 0 ? path : path.slice(0, end);
}

/** All elements within one, in the order of the document. */
export function* getDescendants(element: PageElement): Generator<PageElement> {
  // A list in place of recursion: pages can be nested deeper than the stack.
  const left = [...element.children].reverse();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (!isElement(node)) continue;
    yield node;
    for (let child = node.lastChild; child !== null; child = child.prev) left.push(child);
  }
}

/** The text that stands in an element itself, not in others within it. */
export function getOwnText({ children }: PageElement): string {
  return children
    .map((node) => (node.type === 'text' ? node.data : ''))
    .join(' ')
    .trim();
}

/** Which child of its parent an element is, from 1. */
export function getChildNumber(element: PageElement): number {
  let number = 1;
  for (let { prev } = element; prev !== null; prev = prev.prev) if ('attribs' in prev) number += 1;
  return number;
}
