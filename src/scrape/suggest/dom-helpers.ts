import { getAncestors, isElement } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';

/**
 * Classes that distinguish rows instead of marking them as rows: an own number (`post-123`, `row3`), a position (`odd`,
 * `first`), or a state (`active`, `is-new`).
 */
const VARYING =
  /^(?:odd|even|first|last|alt|alternate|active|current|selected|open|opened|closed|collapsed|expanded|new|hot|top|sticky|featured|unread|read|visited|disabled|sale|onsale|instock|outofstock)$|^(?:is|has|js)[-_]|(?:^|[-_])(?:first|last|odd|even|active|current|selected|unread|sticky|featured)$|\d/i;

/** Layout classes, which say nothing about the content: `col-md-4`, `mb-3`, `d-flex`. */
const LAYOUT =
  /^(?:row|col|cols|columns?|grid|flex|clearfix|clear|container|wrapper|wrap|inner|group|left|right|pull-left|pull-right|small|medium|large|block|inline|hidden|visible|relative|absolute|text|bg|[a-z]{1,2})(?:[-_][\w-]*)?$/i;
const IS_HASH = /\d[a-z]|[a-z]\d[a-z]|[A-Z][a-z]*[A-Z]\w*[A-Z]|_[\w]*\d/;

/** Returns the classes that need no escaping in a selector. */
export function getClasses({ attribs }: PageElement): string[] {
  return (attribs['class'] ?? '').split(/\s+/).filter((name) => /^-?[A-Za-z_][\w-]*$/.test(name));
}

/** Returns the classes whose names suggest that they do not vary from row to row. */
export function getStableClasses(element: PageElement): string[] {
  return getClasses(element).filter((name) => !VARYING.test(name));
}

/** Returns the classes that all elements share, the most descriptive first. */
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

/** Whether a class describes the content, and not only layout, state or an identity. */
export function isDescriptive(name: string): boolean {
  return scoreVagueness(name) === 0;
}

/** Returns the name of an element for a selector: `*` for a name such as `a<b` of damaged markup. */
export function getTag({ name }: PageElement): string {
  return /^[a-z][\w-]*$/i.test(name) ? name : '*';
}

/** Returns the tag and at most two classes that all elements share: `article.product_pod`. */
export function toCommonSelector(elements: readonly PageElement[]): string {
  const [first] = elements;
  return first === undefined ? '*' : [getTag(first), ...getCommonClasses(elements).slice(0, 2)].join('.');
}

/** Returns an element and its ancestors below its row, innermost first. A row may extend past its first element. */
export function getPathWithin(element: PageElement, row: PageElement): PageElement[] {
  const path = [element, ...getAncestors(element)];
  const end = path.findIndex((each) => each === row || each === row.parent);
  return end < 0 ? path : path.slice(0, end);
}

/** Yields all descendants of an element in document order. */
export function* getDescendants(element: PageElement): Generator<PageElement> {
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
  const left = [...element.children].reverse();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (!isElement(node)) continue;
    yield node;
    for (let child = node.lastChild; child !== null; child = child.prev) left.push(child);
  }
}

/** Returns the text directly in an element, without that of its descendants. */
export function getOwnText({ children }: PageElement): string {
  return children
    .map((node) => (node.type === 'text' ? node.data : ''))
    .join(' ')
    .trim();
}

/** Returns the position of an element among its parent's children, starting at 1. */
export function getChildNumber(element: PageElement): number {
  let number = 1;
  for (let { prev } = element; prev !== null; prev = prev.prev) if ('attribs' in prev) number += 1;
  return number;
}
