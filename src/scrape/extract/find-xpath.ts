import type { Page, PageElement } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { evaluateXPath, formatXPathError, type XPathResult } from '../selectors/xpath-engine.ts';
import {
  ATTRIBUTE,
  ELEMENT,
  getXPathTree,
  type XPathAttribute,
  type XPathNode,
} from '../selectors/xpath-tree.ts';

import type { Match } from './match.ts';

/** Where Chromium's own parser stops nesting. Sorting what lies deeper takes time cubic in the depth. */
const MAX_DEPTH = 512;

/** An expression that cannot be computed on a page, such as `string(.//p)` where there are two `p`. */
export class XPathFailure extends Error {
  override readonly name = 'XPathFailure';
}

/**
 * What an XPath gives for `within` (default: the page), in document order.
 * @throws XPathFailure when it cannot be computed here
 * @throws ScrapeError `too_large` when the page is nested too deep for XPath
 */
export function findByXPath(page: Page, expression: string, within?: PageElement): Match[] {
  const tree = getXPathTree(page.$);
  if (tree.depth > MAX_DEPTH) throw tooDeepError(page);
  const context = within === undefined ? tree.root : tree.nodeOf(within);
  if (context === undefined) return [];
  let results: XPathResult[];
  try {
    results = evaluateXPath(expression, context);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeepError(page);
    throw new XPathFailure(formatXPathError(error));
  }
  return results.flatMap((result) => toMatch(result) ?? []);
}

function tooDeepError({ url }: Page): ScrapeError {
  const message = `${url} nests its elements too deep for XPath (at most ${MAX_DEPTH} levels)`;
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
  // The page itself is no value.
  return data === '' ? undefined : { text: data, element };
}
