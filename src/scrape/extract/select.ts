import type { Page, PageElement, PageNode, PageRoot } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { escapeNamespaces } from '../selectors/css-namespaces.ts';
import { parseXPathSelector } from '../selectors/xpath-selector.ts';
import { queryCss } from './css-query.ts';
import { findByXPath, XPathFailure } from './find-xpath.ts';
import { innerXml } from './inner-xml.ts';

import { isTextMatch, type Match } from './match.ts';

/**
 * The elements that a selector, CSS or `xpath:…`, matches inside `within` (default: the page), in document order;
 * `:scope` alone is `within` itself. An XPath that cannot be computed here matches nothing.
 * @throws ScrapeError `too_large` when the page is nested too deep for the selector
 */
export function select(page: Page, selector: string, within?: PageElement): PageElement[] {
  const expression = parseXPathSelector(selector);
  if (expression === undefined) return selectByCss(page, selector, within);
  try {
    return findByXPath(page, expression, within).filter((found): found is PageElement => !isTextMatch(found));
  } catch (error) {
    if (error instanceof XPathFailure) return [];
    throw error;
  }
}

/**
 * The same with what only XPath finds: attributes, texts, computed values.
 * @throws XPathFailure when an XPath cannot be computed here
 * @throws ScrapeError `too_large` when the page is nested too deep for the selector
 */
export function findAll(page: Page, selector: string, within?: PageElement): Match[] {
  const expression = parseXPathSelector(selector);
  return expression === undefined
    ? selectByCss(page, selector, within)
    : findByXPath(page, expression, within);
}

function selectByCss(page: Page, selector: string, within?: PageElement): PageElement[] {
  if (within !== undefined && selector.trim() === ':scope') return [within];
  const css = escapeNamespaces(selector);
  return catchStackOverflow(page, `the selector "${selector}"`, () => {
    if (within !== undefined) return page.$(within).find(css).toArray().filter(isElement);
    const roots = page.$._root.children.filter(isElement);
    return queryCss(roots, css, page.isXml) ?? page.$.root().find(css).toArray().filter(isElement);
  });
}

/** @throws ScrapeError `too_large` when the element is nested too deep to be written out */
export function innerHtml(page: Page, element: PageElement): string {
  return catchStackOverflow(page, 'its inner HTML', () =>
    page.isXml ? innerXml(element) : (page.$(element).html() ?? ''),
  );
}

/** The engine recurses over the page. */
function catchStackOverflow<T>(page: Page, purpose: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ScrapeError('too_large', `${page.url} nests its elements too deep for ${purpose}`, {
      url: page.url,
      hint: 'Choose a selector that says less of the way to what it finds, or let the site show less on a page.',
    });
  }
}

export function isElement(node: PageNode | PageRoot | null): node is PageElement {
  return node !== null && 'attribs' in node;
}

/** How many elements of the page a selector matches. */
export function countMatches(page: Page, selector: string): number {
  return select(page, selector).length;
}

/** Whether an element is another one or lies in it. */
export function isWithin(element: PageElement | null, outer: PageElement): boolean {
  let node: PageNode | PageRoot | null = element;
  while (node !== null && node !== outer) node = node.parent;
  return node !== null;
}
