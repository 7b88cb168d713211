import { FOLLOW_LINK } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Item, Page } from '../lib/page.ts';
import { toPageUrl } from '../lib/page-url.ts';
import type { ExtractionContext, Unparsed } from './extraction-context.ts';
import { isEmpty } from './field-text.ts';
import { extractFieldValue } from './field-value.ts';
import { readLink } from './read-link.ts';
import type { Match } from './select.ts';

/** The data extracted from one page. */
export interface Extraction {
  rows: Item[];
  /** With `follow`: the address of each row's detail page; null if it has no link. */
  links?: (string | null)[];
  /** Number of elements matched on the page, by selector (config/config-fields.ts); with `item`: within the items. */
  matches: Record<string, number>;
  /** Number of elements matched by `item` and `pagination`; absent if there is no such selector. */
  found: PageFindings;
  /** At most one warning. */
  warnings: string[];
  /** Values that could not be parsed. */
  unread: Unparsed[];
}

/** Counts of matches that are not values. */
interface PageFindings {
  item?: number;
  pagination?: number;
  /** How often a browser made the page grow. */
  steps?: number;
  /** By field, if there is an `item`: matched elements that are in no item. */
  outside?: Record<string, number>;
}

/** What decides which rows a page has. */
export type RowRules = Partial<Pick<ScrapeConfig, 'pagination'>> &
  Pick<ScrapeConfig, 'item' | 'table' | 'selectors' | 'data_cleaning' | 'locale' | 'follow'>;

/** The matches of each selector in one row. */
export type RowMatches = Map<string, Match[]>;

/** Returns the selectors of a row by name: its fields, and the link to its detail page. */
export function listSelectors({ selectors, follow }: RowRules): [string, string][] {
  const fields = Object.entries(selectors).map(([name, { selector }]): [string, string] => [name, selector]);
  return follow === undefined ? fields : [...fields, [FOLLOW_LINK, follow.selector]];
}

/** Makes a row of the matches of each; a row in which every field is empty is dropped. */
export function makeRows(
  context: ExtractionContext,
  config: RowRules,
  found: readonly RowMatches[],
): Extraction {
  const { follow } = config;
  const rows: Item[] = [];
  const links: (string | null)[] = [];
  const fields = Object.entries(config.selectors);
  for (const matches of found) {
    for (const [name, list] of matches) context.count(name, list.length);
    const row = fields.map(
      ([name, field]) => [name, extractFieldValue(context, name, field, matches.get(name) ?? [])] as const,
    );
    if (row.every(([, value]) => isEmpty(value))) continue;
    rows.push(Object.fromEntries(row));
    if (follow !== undefined)
      links.push(toLinkUrl(context.page, matches.get(FOLLOW_LINK)?.[0], follow.selector));
  }
  return {
    rows,
    ...(follow !== undefined && { links }),
    matches: context.matches,
    found: {},
    warnings: [],
    unread: context.unread.list(),
  };
}

function toLinkUrl(page: Page, found: Match | undefined, selector: string): string | null {
  const link = readLink(page, found, selector);
  return 'url' in link ? toPageUrl(link.url) : null;
}
