import type { CheerioAPI } from 'cheerio';
import type { PageElement, PageNode } from '../lib/page.ts';

/** What XPath sees of a page: nodes with the names of the DOM, as far as the engine (fontoxpath) looks at them. */
export interface XPathNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly localName: string;
  readonly prefix: string;
  readonly namespaceURI: string | null;
  readonly data: string;
  readonly parentNode: XPathNode | null;
  readonly childNodes: XPathNode[];
  readonly attributes: XPathAttribute[];
  firstChild: XPathNode | null;
  lastChild: XPathNode | null;
  previousSibling: XPathNode | null;
  nextSibling: XPathNode | null;
  getAttribute(name: string): string | null;
  /** The element that it is, or, for a text, that it stands in. */
  readonly element: PageElement | null;
}

export interface XPathAttribute {
  readonly nodeType: 2;
  readonly nodeName: string;
  readonly name: string;
  readonly localName: string;
  readonly prefix: string;
  readonly namespaceURI: string | null;
  readonly value: string;
  readonly ownerElement: XPathNode;
  readonly element: PageElement;
}

/** Node types of the DOM. */
export const ELEMENT = 1;
export const ATTRIBUTE = 2;
const TEXT = 3;
const COMMENT = 8;
const DOCUMENT = 9;

/** A page as XPath sees it. */
export interface XPathTree {
  readonly root: XPathNode;
  /** How many elements lie one within the other at most. */
  readonly depth: number;
  nodeOf(element: PageElement): XPathNode | undefined;
}

const trees = new WeakMap<CheerioAPI, XPathTree>();

/** Made at the first look; the page must not change afterwards. */
export function getXPathTree($: CheerioAPI): XPathTree {
  const known = trees.get($);
  if (known !== undefined) return known;
  const tree = createTree($);
  trees.set($, tree);
  return tree;
}

function createTree($: CheerioAPI): XPathTree {
  const nodes = new Map<PageElement, XPathNode>();
  const root = new TreeNode(DOCUMENT, '#document', '', null, null);
  // A list of what is left instead of recursion: pages can be nested deeper than the stack.
  const left: [TreeNode, readonly PageNode[], number][] = [[root, $.root().toArray()[0]?.children ?? [], 1]];
  let deepest = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [parent, children, depth] = next;
    deepest = Math.max(deepest, depth);
    for (const child of children) {
      const node = createNode(child, parent);
      if (node === undefined) continue;
      parent.append(node);
      if (!('attribs' in child)) continue;
      nodes.set(child, node);
      if (child.children.length > 0) left.push([node, child.children, depth + 1]);
    }
  }
  return { root, depth: deepest, nodeOf: (element) => nodes.get(element) };
}

function createNode(node: PageNode, parent: TreeNode): TreeNode | undefined {
  if ('attribs' in node) return new TreeNode(ELEMENT, node.name, '', parent, node);
  if (node.type === 'text') return new TreeNode(TEXT, '#text', node.data, parent, parent.element);
  if (node.type === 'comment') return new TreeNode(COMMENT, '#comment', node.data, parent, parent.element);
  return undefined;
}

class TreeNode implements XPathNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly localName: string;
  readonly prefix: string;
  readonly namespaceURI: string | null;
  readonly data: string;
  readonly parentNode: TreeNode | null;
  readonly element: PageElement | null;
  readonly childNodes: TreeNode[] = [];
  firstChild: TreeNode | null = null;
  lastChild: TreeNode | null = null;
  previousSibling: TreeNode | null = null;
  nextSibling: TreeNode | null = null;
  #attributes: XPathAttribute[] | undefined;

  constructor(
    type: number,
    name: string,
    data: string,
    parent: TreeNode | null,
    element: PageElement | null,
  ) {
    const { prefix, localName, namespaceURI } = splitName(name);
    this.nodeType = type;
    this.nodeName = name;
    this.localName = localName;
    this.prefix = prefix;
    this.namespaceURI = namespaceURI;
    this.data = data;
    this.parentNode = parent;
    this.element = element;
  }

  append(child: TreeNode): void {
    child.previousSibling = this.lastChild;
    if (this.lastChild !== null) this.lastChild.nextSibling = child;
    this.firstChild ??= child;
    this.lastChild = child;
    this.childNodes.push(child);
  }

  getAttribute(name: string): string | null {
    const attributes = this.nodeType === ELEMENT ? this.element?.attribs : undefined;
    return attributes !== undefined && Object.hasOwn(attributes, name) ? (attributes[name] ?? null) : null;
  }

  get attributes(): XPathAttribute[] {
    const { element } = this;
    if (this.nodeType !== ELEMENT || element === null) return [];
    this.#attributes ??= Object.entries(element.attribs).map(([name, value]) => ({
      nodeType: ATTRIBUTE,
      nodeName: name,
      name,
      ...splitName(name),
      value,
      ownerElement: this,
      element,
    }));
    return this.#attributes;
  }
}

/**
 * Elements of HTML, SVG and MathML alike are in no namespace, so that `//svg/path` finds what it says. What is written
 * with a prefix (`media:thumbnail` in a feed) is found by it.
 */
function splitName(name: string): { prefix: string; localName: string; namespaceURI: string | null } {
  const colon = name.indexOf(':');
  if (colon <= 0) return { prefix: '', localName: name, namespaceURI: null };
  const prefix = name.slice(0, colon);
  return { prefix, localName: name.slice(colon + 1), namespaceURI: resolveNamespace(prefix) };
}

/** What the engine takes a prefix of an expression for. */
export function resolveNamespace(prefix: string): string | null {
  return prefix === '' ? null : `prefix:${prefix}`;
}
