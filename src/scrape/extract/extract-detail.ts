import type { PageFields } from '../config/field.ts';
import { type Follow, getLinkName } from '../config/follow.ts';
import type { Item, Page } from '../lib/page.ts';
import { matchPattern } from '../parsers/match-pattern.ts';
import type { Absent } from './absent-values.ts';
import { ExtractionContext, type ExtractionRules, type Unparsed } from './extraction-context.ts';
import { createFieldReader } from './field-value.ts';
import { toLinkUrl } from './make-rows.ts';
import { preferOutsideNoscript } from './parse-html.ts';

/** Which fields hold facts about their page. */
interface PageFactRules {
  page_fields?: PageFields | undefined;
  page_patterns?: Readonly<Record<string, string>> | undefined;
  /** The order of the fields. */
  columns?: readonly string[] | undefined;
}

/**
 * Adds the page's facts to a row: the page's address without name and password, and the fetch time as ISO 8601 in UTC.
 * The address never contains a variable's value: it holds the reference `${NAME}` for every reader.
 */
export function withPageFacts(
  row: Item,
  page: Page,
  { page_fields, page_patterns, columns }: PageFactRules,
): Item {
  if (page_fields === undefined) return row;
  const facts = Object.entries(page_fields).map(([name, fact]): [string, string | null] => [
    name,
    fact === 'url'
      ? takePart(stripCredentials(page.unfilledUrl ?? page.url), page_patterns?.[name])
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

function takePart(url: string, pattern: string | undefined): string | null {
  if (pattern === undefined) return url;
  const matched = matchPattern(pattern, url);
  return 'value' in matched ? matched.value : null;
}

function stripCredentials(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#@]*@/i, '$1');
}

/** The data from a row's detail page. */
interface Detail {
  fields: Item;
  /** The address of the next level's page; null without a link. */
  link: string | null;
  /** Number of elements matched on the page, by selector. */
  matches: Record<string, number>;
  unread: Unparsed[];
  absent: Absent[];
}

/**
 * Extracts the fields of `follow` from a row's detail page, and the link to the page after it. The whole page is about
 * that row, so each field is the first match of its selector.
 * @param level which detail page it is, from 1
 * @throws ScrapeError `too_large` if the page is nested too deep for a selector
 */
export function extractDetail(
  page: Page,
  { selectors, follow }: Pick<Follow, 'selectors' | 'follow'>,
  rules: ExtractionRules,
  level = 1,
): Detail {
  const context = new ExtractionContext(page, rules);
  const find = (name: string, selector: string) => {
    const found = preferOutsideNoscript(page, context.find(name, selector));
    context.count(name, found.length);
    return found;
  };
  const fields = Object.entries(selectors).map(([name, field]) => {
    return [name, createFieldReader(context, name, field)(find(name, field.selector))] as const;
  });
  const [linked] = follow === undefined ? [] : find(getLinkName(level + 1), follow.selector);
  return {
    fields: Object.fromEntries(fields),
    link: follow === undefined ? null : toLinkUrl(context, getLinkName(level + 1), linked, follow.selector),
    matches: context.matches,
    unread: context.unread.list(),
    absent: context.absent.list(),
  };
}

/** Returns the fields of a row whose detail page could not be fetched. */
export function createEmptyDetail({
  selectors,
  ...rules
}: Pick<Follow, 'selectors' | 'page_fields' | 'columns'>): Item {
  const fields = Object.entries(selectors).map(([name, { multiple }]) => [name, multiple ? [] : null]);
  return withEmptyPageFacts(Object.fromEntries(fields), rules);
}
