import { createRequire } from 'node:module';
import type { CheerioAPI } from 'cheerio';
import type { PageElement, PageNode } from '../lib/page.ts';

/** Options of fontoxpath that redirect calls to our functions. Its own types would pull in all browser types. */
interface FunctionOptions {
  functionNameResolver(
    name: { prefix: string; localName: string },
    arity: number,
  ): { namespaceURI: string; localName: string } | null;
  moduleImports: Record<string, string>;
}

const STANDARD = 'http://www.w3.org/2005/xpath-functions';
const OWN = 'urn:quickscrape:first-item';

type Parameter = 'text' | 'number' | 'item';

/** Functions that take texts, numbers or names, with the kinds of their parameters. */
const FUNCTIONS: Readonly<Record<string, readonly Parameter[][]>> = {
  ceiling: [['item']],
  concat: Array.from({ length: 19 }, (_, more) => new Array<Parameter>(more + 2).fill('text')),
  contains: [['text', 'text']],
  'ends-with': [['text', 'text']],
  floor: [['item']],
  'local-name': [['item']],
  'lower-case': [['text']],
  matches: [['text', 'text']],
  name: [['item']],
  'normalize-space': [['text']],
  number: [['item']],
  replace: [['text', 'text', 'text']],
  round: [['item']],
  'starts-with': [['text', 'text']],
  string: [['text']],
  'string-length': [['text']],
  substring: [
    ['text', 'number'],
    ['text', 'number', 'number'],
  ],
  'substring-after': [['text', 'text']],
  'substring-before': [['text', 'text']],
  tokenize: [['text'], ['text', 'text']],
  translate: [['text', 'text', 'text']],
  'upper-case': [['text']],
};

/**
 * An XQuery module that gives these functions the argument rules of XPath 1.0, which browsers and other scrapers use
 * (https://www.w3.org/TR/xpath-10/#function-string). Of several items the first one is used, and numbers become texts.
 * So `contains(text(), 'Next')` works on an element with two texts, which XPath 3.1 rejects.
 */
const FIRST_ITEM_MODULE = `module namespace own = "${OWN}"; declare namespace std = "${STANDARD}";
${Object.entries(FUNCTIONS)
  .flatMap(([name, all]) => all.map((parameters) => createDeclaration(name, parameters)))
  .join('\n')}`;

/** Redirects calls without a prefix, or with `fn`, to {@link FIRST_ITEM_MODULE} if it has the function. */
const FIRST_ITEM_OPTIONS: FunctionOptions = {
  functionNameResolver({ prefix, localName }, arity) {
    if (prefix !== '' && prefix !== 'fn') return null;
    const isOwn =
      Object.hasOwn(FUNCTIONS, localName) && FUNCTIONS[localName]?.some(({ length }) => length === arity);
    return { namespaceURI: isOwn ? OWN : STANDARD, localName };
  },
  moduleImports: { own: OWN },
};

function createDeclaration(name: string, parameters: readonly Parameter[]): string {
  const given = parameters.map((_, at) => `$a${at}`);
  const firsts = parameters.map((parameter, at) => createFirstItem(`$a${at}`, parameter));
  return `declare %public function own:${name}(${given.join(', ')}) { std:${name}(${firsts.join(', ')}) };`;
}

function createFirstItem(variable: string, parameter: Parameter): string {
  const first = `std:head(${variable})`;
  if (parameter === 'item') return first;
  return parameter === 'text' ? `std:string(${first})` : `std:number(${first})`;
}

/** A result of an expression: a node of the tree, or a computed value. */
export type XPathResult = XPathNode | XPathAttribute | string | number | boolean | object;

/** The part of fontoxpath that is used. Its own types would pull in all browser types. */
interface Engine {
  evaluateXPath(
    expression: string,
    context: XPathNode,
    facade: null,
    variables: null,
    returnType: unknown,
    options: typeof OPTIONS,
  ): XPathResult[];
  registerXQueryModule(module: string): void;
}

const OPTIONS = { namespaceResolver: resolveNamespace, ...FIRST_ITEM_OPTIONS };

let engine: Engine | undefined;
// Loaded only if there is an expression: loading takes longer than parsing a configuration.
const require = createRequire(import.meta.url);

/**
 * Evaluates an XPath 3.1 expression on a node and returns all results in document order. Expressions cannot access
 * files or the network: `doc()` and similar functions do not exist.
 * @throws Error with a code of the standard, such as `XPTY0004`, if it cannot be parsed or computed
 */
export function evaluateXPath(expression: string, context: XPathNode): XPathResult[] {
  if (engine === undefined) {
    engine = require('fontoxpath') as Engine;
    engine.registerXQueryModule(FIRST_ITEM_MODULE);
  }
  const all = (engine.evaluateXPath as unknown as { ALL_RESULTS_TYPE: unknown }).ALL_RESULTS_TYPE;
  return engine.evaluateXPath(expression, context, null, null, all, OPTIONS);
}

/** Returns the first line that states the error: `XPTY0004: …` */
export function formatXPathError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const told = message.split('\n').find((line) => /\b[A-Z]{4}\d{4}\b/.test(line)) ?? message;
  return told.replace(/^Error: /, '').slice(0, 200);
}

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
interface XPathTree {
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
function resolveNamespace(prefix: string): string | null {
  return prefix === '' ? null : `prefix:${prefix}`;
}
