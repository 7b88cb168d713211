import { FOLLOW_LINK } from '../config/config-fields.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Item, JsonValue } from '../lib/page.ts';
import { toPageUrl } from '../lib/page-url.ts';
import type { Absent } from './absent-values.ts';
import type { ExtractionContext, Unparsed } from './extraction-context.ts';
import { isEmpty } from './field-text.ts';
import { createFieldReader } from './field-value.ts';
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
  /** What matches lack. */
  absent: Absent[];
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

/** Reads the fields of a row, and counts what their selectors match. */
export interface RowReader<Row> {
  fields: readonly { name: string; matches: number; read(row: Row): JsonValue }[];
  /** With `follow`: the matches of its selector. */
  findLinks(row: Row): readonly Match[];
}

const NONE: readonly Match[] = [];

/** Makes a row of each set of matches; a row in which every field is empty is dropped. */
export function makeRows(
  context: ExtractionContext,
  config: RowRules,
  found: Iterable<RowMatches>,
): Extraction {
  const fields = Object.entries(config.selectors).map(([name, field]) => {
    const readMatches = createFieldReader(context, name, field);
    const counted = {
      name,
      matches: 0,
      read(row: RowMatches) {
        const matches = row.get(name) ?? NONE;
        counted.matches += matches.length;
        return readMatches(matches);
      },
    };
    return counted;
  });
  return readRows(context, config, found, { fields, findLinks: (row) => row.get(FOLLOW_LINK) ?? NONE });
}

/** Makes a row of each source; a row in which every field is empty is dropped. */
export function readRows<Row>(
  context: ExtractionContext,
  { follow }: RowRules,
  sources: Iterable<Row>,
  { fields, findLinks }: RowReader<Row>,
): Extraction {
  const rows: Item[] = [];
  const links: (string | null)[] = [];
  // A copy of it has each field at its place, also one called `__proto__`, which an assignment would not create.
  const blank: Item = Object.fromEntries(fields.map(({ name }) => [name, null]));
  let seen = 0;
  for (const source of sources) {
    seen += 1;
    const row = { ...blank };
    let isFilled = false;
    for (const field of fields) {
      const value = field.read(source);
      if (!isEmpty(value)) isFilled = true;
      row[field.name] = value;
    }
    const linked = follow === undefined ? NONE : findLinks(source);
    if (follow !== undefined) context.count(FOLLOW_LINK, linked.length);
    if (!isFilled) continue;
    rows.push(row);
    if (follow !== undefined) links.push(toLinkUrl(context, FOLLOW_LINK, linked[0], follow.selector));
  }
  if (seen > 0) for (const { name, matches } of fields) context.count(name, matches);
  return {
    rows,
    ...(follow !== undefined && { links }),
    matches: context.matches,
    found: {},
    warnings: [],
    unread: context.unread.list(),
    absent: context.absent.list(),
  };
}

/** Returns the address to which a link leads; null if it leads to no page. */
export function toLinkUrl(
  { page, absent }: ExtractionContext,
  name: string,
  found: Match | undefined,
  selector: string,
): string | null {
  const link = readLink(page, found, selector);
  if (found !== undefined)
    absent.add(name, 'url' in link, () => {
      const none = 'none' in link ? link.none : '';
      return none.endsWith('contains no link')
        ? 'and none is or contains a link'
        : `and none leads to a page: ${none}`;
    });
  return 'url' in link ? toPageUrl(link.url) : null;
}
