import { _compileUnsafe as compile, selectAll } from 'css-select';
import type { AnyNode, Element } from 'domhandler';
import { LRUCache } from 'lru-cache';
import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { isDataSelector } from '../selectors/data-selector.ts';
import { escapeNamespaces, parseXPathSelector } from '../selectors/selector-syntax.ts';
import {
  ATTRIBUTE,
  ELEMENT,
  evaluateXPath,
  formatXPathError,
  getXPathTree,
  type XPathAttribute,
  type XPathNode,
  type XPathResult,
} from '../selectors/xpath-engine.ts';

type Query = (element: Element) => boolean;

/** A configuration has about ten selectors. */
const MAX_CACHED_QUERIES = 200;

/**
 * Selectors that mean the same on every page and in every context. They have no leading combinator (in a list, none
 * after a comma) and no comment that may hide one. After a colon, only positions among siblings are allowed. cheerio
 * handles jQuery's extensions, `:scope`, and pseudo-classes that take selectors.
 */
const PLAIN_SELECTOR =
  /^(?!\s*[>+~])(?:[^:,/]|,(?!\s*[>+~])|\/(?!\*)|:(?:(?:first|last|only)-(?:child|of-type)\b|nth-(?:last-)?(?:child|of-type)\())*$/;

const queries = new LRUCache<string, { query: Query | undefined }>({ max: MAX_CACHED_QUERIES });

/**
 * Returns what tests whether an element of a page matches a CSS selector. A selector is compiled once, not once per page.
 * @param xmlMode whether names keep their case
 * @returns undefined if cheerio must evaluate the selector
 */
export function compileCss(selector: string, xmlMode = false): Query | undefined {
  const key = `${xmlMode ? 'xml' : 'html'} ${selector}`;
  let cached = queries.get(key);
  if (cached === undefined) {
    cached = {
      query: PLAIN_SELECTOR.test(selector) ? compile<AnyNode, Element>(selector, { xmlMode }) : undefined,
    };
    queries.set(key, cached);
  }
  return cached.query;
}

/**
 * Selects elements of a whole page by CSS, in document order.
 * @param roots the top-level elements of the page
 * @returns undefined as {@link compileCss}
 */
export function queryCss(roots: AnyNode[], selector: string, xmlMode = false): Element[] | undefined {
  const query = compileCss(selector, xmlMode);
  return query && selectAll(query, roots);
}

/** Like {@link queryCss}, for a page with an index. */
function queryIndex({ index, isXml }: Page, css: string): PageElement[] | undefined {
  const possible = index && PLAIN_SELECTOR.test(css) ? index.listPossible(css) : undefined;
  const query = possible && compileCss(css, isXml);
  return query && possible.filter(query);
}

/**
 * A match of a selector: an element, or, by XPath, an attribute, a text or a computed value, or a value of data
 * (data-match.ts).
 */
export type Match = PageElement | TextMatch;

export interface TextMatch {
  readonly text: string;
  /** The element that contains the attribute or text; null for a computed value. */
  readonly element: PageElement | null;
  /** The attribute's name. */
  readonly attribute?: string;
}

export function isTextMatch(match: Match): match is TextMatch {
  return !('attribs' in match);
}

/** Returns the matched element, or the element to which the text belongs. */
export function getElement(match: Match): PageElement | null {
  return isTextMatch(match) ? match.element : match;
}

/** Chromium's parser stops nesting at this depth. Sorting deeper nodes takes time cubic in the depth. */
const MAX_DEPTH = 512;

/** A selector that cannot be computed on a page, such as `string(.//p)` if there are two `p`. */
export class SelectorFailure extends Error {
  override readonly name = 'SelectorFailure';
}

/**
 * Evaluates an XPath for `within` (default: the page) and returns the results in document order.
 * @throws SelectorFailure if it cannot be computed here
 * @throws ScrapeError `too_large` if the page is nested too deep for XPath
 */
function findByXPath(page: Page, expression: string, within?: PageElement): Match[] {
  const tree = getXPathTree(page.$);
  if (tree.depth > MAX_DEPTH) throw tooDeepError(page);
  const context = within === undefined ? tree.root : tree.nodeOf(within);
  if (context === undefined) return [];
  let results: XPathResult[];
  try {
    results = evaluateXPath(expression, context);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeepError(page);
    throw new SelectorFailure(formatXPathError(error));
  }
  return results.flatMap((result) => toMatch(result) ?? []);
}

function tooDeepError({ url }: Page): ScrapeError {
  const message = `${url} nests its elements too deeply for XPath (at most ${MAX_DEPTH} levels)`;
  return new ScrapeError('too_large', message, { url, hint: 'Use a CSS selector' });
}

function toMatch(result: XPathResult): Match | undefined {
  if (typeof result !== 'object') return { text: String(result), element: null };
  if (!('nodeType' in result))
    return result instanceof Date ? { text: result.toISOString(), element: null } : undefined;
  const node = result as XPathNode | XPathAttribute;
  if (node.nodeType === ATTRIBUTE) {
    const { value, name, element } = node as XPathAttribute;
    return { text: value, element, attribute: name };
  }
  const { nodeType, data, element } = node as XPathNode;
  if (nodeType === ELEMENT) return element ?? undefined;
  // The document node is not a value.
  return data === '' ? undefined : { text: data, element };
}

/**
 * Returns the elements that a selector, CSS or `xpath:…`, matches inside `within` (default: the page), in document
 * order. `:scope` alone matches `within` itself. An XPath that cannot be computed here matches nothing, and neither does
 * a selector of data.
 * @throws ScrapeError `too_large` if the page is nested too deep for the selector
 */
export function select(page: Page, selector: string, within?: PageElement): PageElement[] {
  if (isDataSelector(selector)) return [];
  const expression = parseXPathSelector(selector);
  if (expression === undefined) return selectByCss(page, selector, within);
  try {
    return findByXPath(page, expression, within).filter((found): found is PageElement => !isTextMatch(found));
  } catch (error) {
    if (error instanceof SelectorFailure) return [];
    throw error;
  }
}

/**
 * Like {@link select}, but also returns what only XPath finds: attributes, texts, computed values.
 * @throws SelectorFailure if an XPath cannot be computed here
 * @throws ScrapeError `too_large` if the page is nested too deep for the selector
 */
export function findElements(page: Page, selector: string, within?: PageElement): Match[] {
  const expression = parseXPathSelector(selector);
  return expression === undefined
    ? selectByCss(page, selector, within)
    : findByXPath(page, expression, within);
}

function selectByCss(page: Page, selector: string, within?: PageElement): PageElement[] {
  if (within !== undefined && selector.trim() === ':scope') return [within];
  const known = within === undefined ? page.index?.get(selector) : undefined;
  if (known !== undefined) return [...known];
  const css = escapeNamespaces(selector);
  const found = catchStackOverflow(page, `the selector "${selector}"`, () => {
    if (within !== undefined) return page.$(within).find(css).toArray().filter(isElement);
    const indexed = queryIndex(page, css);
    if (indexed !== undefined) return indexed;
    const roots = page.$._root.children.filter(isElement);
    return queryCss(roots, css, page.isXml) ?? page.$.root().find(css).toArray().filter(isElement);
  });
  if (within === undefined) page.index?.set(selector, [...found]);
  return found;
}

/** Returns the inner HTML. @throws ScrapeError `too_large` if the element is nested too deep to serialize */
export function innerHtml(page: Page, element: PageElement): string {
  return catchStackOverflow(page, 'its inner HTML', () =>
    page.isXml ? innerXml(element) : (page.$(element).html() ?? ''),
  );
}

/** The engine is recursive, so a deep page can overflow the stack. */
function catchStackOverflow<T>(page: Page, purpose: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ScrapeError('too_large', `${page.url} nests its elements too deeply for ${purpose}`, {
      url: page.url,
      hint: 'Use a shorter selector, or make the site show less on a page.',
    });
  }
}

export function isElement(node: PageNode | PageRoot | null): node is PageElement {
  return node !== null && 'attribs' in node;
}

/** Counts the elements of the page that a selector matches. */
export function countMatches(page: Page, selector: string): number {
  return select(page, selector).length;
}

/** Whether an element is, or is inside, another one. */
export function isWithin(element: PageElement | null, outer: PageElement): boolean {
  let node: PageNode | PageRoot | null = element;
  while (node !== null && node !== outer) node = node.parent;
  return node !== null;
}

// In XML these names have no special meaning.
const IGNORED_TAGS = new Set(['script', 'style', 'noscript', 'template']);

/**
 * Returns the text of an element: its text nodes, a line break for `<br>`, and nothing of the scripts and styles in it.
 * The text of a script element itself is its source, because pages keep data in `script[type="application/ld+json"]`.
 */
export function getText(element: PageElement | PageRoot): string {
  const parts: string[] = [];
  // A stack instead of recursion: pages can be nested deeper than the call stack allows.
  const left: PageNode[] = [...element.children].reverse();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.type === 'text') parts.push(node.data);
    else if ('attribs' in node) {
      const isHtml = node.namespace !== undefined;
      if (isHtml && node.name === 'br') parts.push('\n');
      if (isHtml && IGNORED_TAGS.has(node.name)) continue;
      for (let child = node.lastChild; child !== null; child = child.prev) left.push(child);
    }
  }
  return parts.join('');
}

/** Returns the content of an XML element as XML. @throws RangeError if it is nested too deep */
function innerXml(element: PageElement): string {
  return element.children.map(serializeNode).join('');
}

function serializeNode(node: PageNode): string {
  if (node.type === 'text') return escapeText(node.data);
  if (node.type === 'comment') return `<!--${node.data}-->`;
  if (!('attribs' in node)) return '';
  const attributes = Object.entries(node.attribs).map(
    ([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', '&quot;')}"`,
  );
  const begin = node.name + attributes.join('');
  return node.children.length === 0 ? `<${begin}/>` : `<${begin}>${innerXml(node)}</${node.name}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Returns the ancestors of an element, at most `max` of them, nearest first. */
export function getAncestors(element: PageElement, max = Number.POSITIVE_INFINITY): PageElement[] {
  const found: PageElement[] = [];
  for (let { parent } = element; found.length < max && isElement(parent); parent = parent.parent)
    found.push(parent);
  return found;
}
