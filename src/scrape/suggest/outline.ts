import { isElement } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';

/** An element of a page with its visible content: counts include the element and its descendants. */
export interface OutlineNode {
  readonly element: PageElement;
  /** The parent element; `null` at the top. */
  readonly parent: OutlineNode | null;
  /** Its position in document order; `end` is that of its last descendant. */
  readonly at: number;
  end: number;
  /** Number of characters without white space; `linked` counts those in links. */
  text: number;
  linked: number;
  /** Elements with a text of their own, and images. */
  pieces: number;
  links: number;
  pictures: number;
  headings: number;
  /** Form fields and buttons. */
  controls: number;
}

/** Elements after this number are ignored. */
const MAX_ELEMENTS = 50_000;

/** Tags in which no visible row can be: scripts, drawings, lists of choices, and HTML's own navigation. */
const INVISIBLE_TAGS = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'math',
  'select',
  'datalist',
  'nav',
  'iframe',
  'head',
]);
const CONTROL_TAGS = new Set(['input', 'button', 'textarea', 'label']);

/** Returns the elements of a page in document order, without those that are never part of a list. */
export function createOutline(page: Page): OutlineNode[] {
  const outline: OutlineNode[] = [];
  const [root] = page.$('body').toArray();
  if (root === undefined || !isElement(root)) return outline;
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
  const left: { element: PageElement; parent: OutlineNode | null }[] = [{ element: root, parent: null }];
  for (let next = left.pop(); next !== undefined && outline.length < MAX_ELEMENTS; next = left.pop()) {
    const outlined = measureElement(next.element, next.parent, outline.length);
    outline.push(outlined);
    for (let child = next.element.lastChild; child !== null; child = child.prev)
      if (isElement(child) && isVisible(child)) left.push({ element: child, parent: outlined });
  }
  // Descendants come after their ancestors, so in reverse order each count is complete before it is added.
  for (const outlined of outline.toReversed()) addToParent(outlined);
  return outline;
}

function isVisible({ name, attribs }: PageElement): boolean {
  return !INVISIBLE_TAGS.has(name) && attribs['role'] !== 'navigation' && attribs['hidden'] === undefined;
}

function measureElement(element: PageElement, parent: OutlineNode | null, at: number): OutlineNode {
  const { name } = element;
  const text = countOwnCharacters(element);
  const isPicture = name === 'img' || name === 'picture';
  return {
    element,
    parent,
    at,
    end: at,
    text,
    linked: 0,
    pieces: text > 0 || name === 'img' ? 1 : 0,
    links: name === 'a' && element.attribs['href'] !== undefined ? 1 : 0,
    pictures: isPicture ? 1 : 0,
    headings: /^h[1-6]$/.test(name) ? 1 : 0,
    controls: CONTROL_TAGS.has(name) ? 1 : 0,
  };
}

function addToParent(outlined: OutlineNode): void {
  const { parent } = outlined;
  if (outlined.links > 0 && outlined.element.name === 'a') outlined.linked = outlined.text;
  if (parent === null) return;
  parent.end = Math.max(parent.end, outlined.end);
  for (const count of ['text', 'linked', 'pieces', 'links', 'pictures', 'headings', 'controls'] as const)
    parent[count] += outlined[count];
}

function countOwnCharacters({ children }: PageElement): number {
  let count = 0;
  for (const node of children) {
    if (node.type !== 'text') continue;
    for (let at = 0; at < node.data.length; at += 1) {
      const code = node.data.charCodeAt(at);
      if (code > 32 && code !== 160) count += 1;
    }
  }
  return count;
}

/** Whether `inner` is inside `outer`. */
export function contains(outer: OutlineNode, inner: OutlineNode): boolean {
  return outer.at < inner.at && inner.at <= outer.end;
}
