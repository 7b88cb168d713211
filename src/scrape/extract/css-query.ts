import { _compileUnsafe as compile, selectAll } from 'css-select';
import type { AnyNode, Element } from 'domhandler';
import { LRUCache } from 'lru-cache';

type Query = (element: Element) => boolean;

/** A configuration has some ten. */
const MAX_CACHED_QUERIES = 200;

/**
 * What means the same in every page and wherever it is looked for: no combinator to begin with (in a list, behind a
 * comma), no comment that may hide one, and of what follows a colon only the place among the siblings. jQuery's own
 * words, `:scope` and what takes selectors in turn are cheerio's.
 */
const PLAIN_SELECTOR =
  /^(?!\s*[>+~])(?:[^:,/]|,(?!\s*[>+~])|\/(?!\*)|:(?:(?:first|last|only)-(?:child|of-type)\b|nth-(?:last-)?(?:child|of-type)\())*$/;

const queries = new LRUCache<string, { query: Query | undefined }>({ max: MAX_CACHED_QUERIES });

/**
 * Elements of a whole page by CSS, in document order; a selector is compiled once and not for each page.
 * @param roots the elements at the top of the page
 * @param xmlMode whether names keep their case
 * @returns undefined when cheerio has to look
 */
export function queryCss(roots: AnyNode[], selector: string, xmlMode = false): Element[] | undefined {
  const key = `${xmlMode ? 'xml' : 'html'} ${selector}`;
  let cached = queries.get(key);
  if (cached === undefined) {
    cached = {
      query: PLAIN_SELECTOR.test(selector) ? compile<AnyNode, Element>(selector, { xmlMode }) : undefined,
    };
    queries.set(key, cached);
  }
  return cached.query && selectAll(cached.query, roots);
}
