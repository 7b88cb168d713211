import { isElement } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';

/**
 * Classes that say which row it is and not that it is one: a number of its own (`post-123`, `row3`), its place among the
 * others (`odd`, `first`), its state (`active`, `is-new`).
 */
const VARYING =
  /^(?:odd|even|first|last|alt|alternate|active|current|selected|open|opened|closed|collapsed|expanded|new|hot|top|sticky|featured|unread|read|visited|disabled|sale|onsale|instock|outofstock)$|^(?:is|has|js)[-_]|(?:^|[-_])(?:first|last|odd|even|active|current|selected|unread|sticky|featured)$|\d/i;

/** What lays a page out and says nothing of what is there: `col-md-4`, `mb-3`, `d-flex`. */
const LAYOUT =
  /^(?:row|col|cols|columns?|grid|flex|clearfix|clear|container|wrapper|wrap|inner|group|left|right|pull-left|pull-right|small|medium|large|block|inline|hidden|visible|relative|absolute|text|bg|[a-z]{1,2})(?:[-_][\w-]*)?$/i;
const IS_HASH = /\d[a-z]|[a-z]\d[a-z]|[A-Z][a-z]*[A-Z]\w*[A-Z]|_[\w]*\d/;

/** Classes that can stand in a selector as they are. */
export function getClasses({ attribs }: PageElement): string[] {
  return (attribs['class'] ?? '').split(/\s+/).filter((name) => /^-?[A-Za-z_][\w-]*$/.test(name));
}

/** Those that do not vary from row to row, by their names. */
export function getStableClasses(element: PageElement): string[] {
  return getClasses(element).filter((name) => !VARYING.test(name));
}

/** The classes that all of some elements have, the most telling first. */
export function getCommonClasses(elements: readonly PageElement[]): string[] {
  const [first, ...others] = elements;
  if (first === undefined) return [];
  let common = [...new Set(getClasses(first))];
  for (const other of others) {
    if (common.length === 0) break;
    const theirs = new Set(getClasses(other));
    common = common.filter((name) => theirs.has(name));
  }
  return common.sort((one, other) => scoreVagueness(one) - scoreVagueness(other));
}

function scoreVagueness(name: string): number {
  return (LAYOUT.test(name) ? 2 : 0) + (IS_HASH.test(name) || VARYING.test(name) ? 1 : 0);
}

/** Whether a class says what is there, and not only how it looks or which one it is. */
export function isDescriptive(name: string): boolean {
  return scoreVagueness(name) === 0;
}

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
