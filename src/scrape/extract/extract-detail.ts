import type { Follow, PageFields } from '../config/field.ts';
import type { Item, Page } from '../lib/page.ts';
import { ExtractionContext, type ExtractionRules, type Unparsed } from './extraction-context.ts';
import { extractFieldValue } from './field-value.ts';
import { preferOutsideNoscript } from './parse-html.ts';

/** Which fields hold facts about their page. */
interface PageFactRules {
  page_fields?: PageFields | undefined;
  /** The order of the fields. */
  columns?: readonly string[] | undefined;
}

/**
 * Adds the page's facts to a row: the page's address without name and password, and the fetch time as ISO 8601 in UTC.
 * The address never contains a variable's value: it holds the reference `${NAME}` for every reader.
 */
export function withPageFacts(row: Item, page: Page, { page_fields, columns }: PageFactRules): Item {
  if (page_fields === undefined) return row;
  const facts = Object.entries(page_fields).map(([name, fact]): [string, string] => [
    name,
    fact === 'url'
      ? stripCredentials(page.unfilledUrl ?? page.url)
      : new Date(page.fetchedAt).toISOString().replace(/\.\d+/, ''),
  ]);
  return orderFields({ ...row, ...Object.fromEntries(facts) }, columns ?? []);
}

/** The same for a page that could not be fetched. */
function withEmptyPageFacts(row: Item, { page_fields, columns }: PageFactRules): Item {
  if (page_fields === undefined) return row;
  const empty = Object.keys(page_fields).map((name): [string, null] => [name, null]);
  return orderFields({ ...row, ...Object.fromEntries(empty) }, columns ?? []);
}

function orderFields(row: Item, columns: readonly string[]): Item {
  return Object.fromEntries(
    columns.map((name) => [name, Object.hasOwn(row, name) ? (row[name] ?? null) : null]),
  );
}

function stripCredentials(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#@]*@/i, '$1');
}

/** The data from a row's detail page. */
interface Detail {
  fields: Item;
  /** Number of elements matched on the page, by selector. */
  matches: Record<string, number>;
  unread: Unparsed[];
}

/**
 * Extracts the fields of `follow` from a row's detail page. The whole page is about that row, so each field is the
 * first match of its selector.
 * @throws ScrapeError `too_large` if the page is nested too deep for a selector
 */
export function extractDetail(
  page: Page,
  { selectors }: Pick<Follow, 'selectors'>,
  rules: ExtractionRules,
): Detail {
  const context = new ExtractionContext(page, rules);
  const fields = Object.entries(selectors).map(([name, field]) => {
    const found = preferOutsideNoscript(page, context.find(name, field.selector));
    context.count(name, found.length);
    return [name, extractFieldValue(context, name, field, found)] as const;
  });
  return { fields: Object.fromEntries(fields), matches: context.matches, unread: context.unread.list() };
}

/** Returns the fields of a row whose detail page could not be fetched. */
export function createEmptyDetail({ selectors, ...rules }: Omit<Follow, 'selector' | 'on_error'>): Item {
  const fields = Object.entries(selectors).map(([name, { multiple }]) => [name, multiple ? [] : null]);
  return withEmptyPageFacts(Object.fromEntries(fields), rules);
}
