import { programCommand } from '../../core/lib/installation.ts';
import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { type DataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import { DataMatch, queryData } from './data-match.ts';
import { findEntities } from './page-entities.ts';
import { readPageJson } from './page-json.ts';
import { NoJson } from './read-json.ts';
import { findElements, type Match, SelectorFailure } from './select.ts';

/**
 * Returns what a selector matches, in the order of the page: elements; by XPath also attributes, texts and computed
 * values; by a selector of data the values of the page, wherever `within` is.
 * @param within default: the page
 * @throws SelectorFailure if it cannot be computed here
 * @throws ScrapeError `too_large` if the page is nested too deep for the selector
 */
export function findMatches(page: Page, selector: string, within?: PageElement): Match[] {
  const data = parseDataSelector(selector);
  return data === undefined
    ? findElements(page, selector, within)
    : findData(page, data).map((value) => new DataMatch(value));
}

function findData(page: Page, data: DataSelector): readonly JsonValue[] {
  try {
    const found = getDataRoots(page, data).map((root) => queryData(page, data.path, root));
    return found.length === 1 ? (found[0] ?? []) : found.flat();
  } catch (error) {
    if (error instanceof NoJson) throw new SelectorFailure(error.message);
    throw error;
  }
}

/** Returns what `$` is for a selector of data on a page. @throws NoJson */
export function getDataRoots(page: Page, { source, type }: DataSelector): readonly JsonValue[] {
  return source === 'json' ? readPageJson(page) : findEntities(page, source, type);
}

/** What is unknown if a selector cannot be computed. */
const UNKNOWN_CONSEQUENCE = { item: 'the rows are', pagination: 'the next page is' };

type RequiredPlace = keyof typeof UNKNOWN_CONSEQUENCE;

/**
 * Returns a selector's matches on a page. For these selectors, no match has a meaning (no rows, or the last page), so a
 * selector that cannot be computed is an error.
 * @param place the selector's key in the configuration
 * @throws ScrapeError `no_items` if the page has no JSON, though the selector reads it
 * @throws ScrapeError `config` if an XPath cannot be computed on the page
 * @throws ScrapeError `too_large` if the page is nested too deep for the selector
 */
export function findRequired(page: Page, selector: string, place: RequiredPlace): Match[] {
  return orFail(page, selector, place, () => findMatches(page, selector));
}

/** Returns the values that a selector of data finds on a page. @throws ScrapeError as {@link findRequired} */
export function findRequiredData(page: Page, selector: string, place: RequiredPlace): readonly JsonValue[] {
  const data = parseDataSelector(selector);
  return data === undefined ? [] : orFail(page, selector, place, () => findData(page, data));
}

function orFail<T>(page: Page, selector: string, place: RequiredPlace, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof SelectorFailure)) throw error;
    if (parseDataSelector(selector) !== undefined)
      throw new ScrapeError(
        'no_items',
        `${place}: "${selector}" reads JSON, and ${page.url} ${error.message}`,
        {
          url: page.url,
          hint: 'Open the address: it may ask to sign in, or be a page for people. JSON within a page is read by embedded: "script#…".',
        },
      );
    throw new ScrapeError(
      'config',
      `${place}: "${selector}" cannot be computed on ${page.url}: ${error.message}`,
      {
        url: page.url,
        hint: `It is unknown where ${UNKNOWN_CONSEQUENCE[place]}. Fix the selector, and try it with: ${programCommand()} scrape NAME --max-pages 2`,
      },
    );
  }
}
