import type { PageFields } from '../config/field.ts';
import type { Page } from '../lib/page.ts';
import type { Item } from './item.ts';

/** What fields may say of their page as a whole. */
export interface PageFactRules {
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
export function withEmptyPageFacts(row: Item, { page_fields, columns }: PageFactRules): Item {
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
