import type { PageFields } from '../config/field.ts';
import type { Follow } from '../config/follow.ts';
import type { Item, Page } from '../lib/page.ts';
import { ExtractionContext, type ExtractionRules, type Unparsed } from './extraction-context.ts';
import { extractFieldValue } from './field-value.ts';
import { preferOutsideNoscript } from './parse-html.ts';

/** What fields may say of their page as a whole. */
interface PageFactRules {
  page_fields?: PageFields | undefined;
  /** The fields in their order. */
  columns?: readonly string[] | undefined;
}

/**
 * A row with the facts of a page that it is to hold: the page's address without name and password, or when it was
 * fetched, as ISO 8601 in UTC. What a variable filled in is no part of the address: the reference stands there, whoever
 * reads the rows.
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

/** The same of a page that is not there. */
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

/** What a row's own page yields. */
interface Detail {
  fields: Item;
  /** By selector: how many elements of the page it matched. */
  matches: Record<string, number>;
  unread: Unparsed[];
}

/**
 * Takes the fields of `follow` from a row's own page: all of the page is about that row, so each field is its selector's
 * first match.
 * @throws ScrapeError `too_large` when the page is nested too deep for a selector
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

/** The fields of a row whose page is not there. */
export function createEmptyDetail({ selectors, ...rules }: Omit<Follow, 'selector' | 'on_error'>): Item {
  const fields = Object.entries(selectors).map(([name, { multiple }]) => [name, multiple ? [] : null]);
  return withEmptyPageFacts(Object.fromEntries(fields), rules);
}
