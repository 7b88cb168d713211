import type { CheerioAPI } from 'cheerio';
import type { PageElement, PageNode } from '../lib/page.ts';

/** A page's node for XPath: the properties of DOM nodes that the engine (fontoxpath) reads. */
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
  /** The element itself, or the element that contains the text. */
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

/** A page as a tree for XPath. */
export interface XPathTree {
  readonly root: XPathNode;
  /** The maximum nesting depth of elements. */
  readonly depth: number;
  nodeOf(element: PageElement): XPathNode | undefined;
}

const trees = new WeakMap<CheerioAPI, XPathTree>();

/** Returns the tree of a page. It is built on first use, so the page must not change afterwards. */
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
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
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
 * Elements of HTML, SVG and MathML are in no namespace, so that `//svg/path` works as written. Names with a prefix
 * (`media:thumbnail` in a feed) are selected by that prefix.
 */
function splitName(name: string): { prefix: string; localName: string; namespaceURI: string | null } {
  const colon = name.indexOf(':');
  if (colon <= 0) return { prefix: '', localName: name, namespaceURI: null };
  const prefix = name.slice(0, colon);
  return { prefix, localName: name.slice(colon + 1), namespaceURI: resolveNamespace(prefix) };
}

/** Returns the namespace for a prefix in an expression. */
export function resolveNamespace(prefix: string): string | null {
  return prefix === '' ? null : `prefix:${prefix}`;
}
