import { isRecord } from '../../core/lib/json.ts';
import { pluralize } from '../../core/lib/text.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { formatDataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import { DataMatch, findInData } from './data-match.ts';
import { describeMiss, describePlace, describeValue, listNames } from './data-miss.ts';
import { createFieldOfData } from './data-value.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { findRequiredData } from './find-matches.ts';
import { type Extraction, type RowMatches, type RowReader, type RowRules, readRows } from './make-rows.ts';
import { describeDeepEntities, describeUnreadBlocks } from './page-entities.ts';

/**
 * Extracts rows of data: each value that `item` selects is a row, and `$` in the fields is that value.
 * @throws ScrapeError `no_items` if the page has no JSON
 */
export function extractDataRows(context: ExtractionContext, config: RowRules, item: string): Extraction {
  const { page } = context;
  const values = findRequiredData(page, item, 'item');
  const extraction = readRows(context, config, values, createDataRowReader(context, config));
  const warnings =
    extraction.rows.length > 0
      ? describeLeftOut(page, item)
      : [describeNoRows(page, config, item, values) ?? []].flat();
  return { ...extraction, found: { item: values.length }, warnings };
}

function createDataRowReader(
  context: ExtractionContext,
  { selectors, follow }: RowRules,
): RowReader<JsonValue> {
  const fields = Object.entries(selectors).map(([name, field]) => {
    const count = { matches: 0 };
    return Object.assign(count, { name, read: createFieldOfData(context, name, field, count) });
  });
  const links = follow && findInData(context.page, follow.selector);
  return { fields, findLinks: (row) => links?.find(row).map((value) => new DataMatch(value)) ?? [] };
}

/** Explains why a page may have more rows of a type than are taken. */
function describeLeftOut(page: Page, item: string): string[] {
  const { source, type } = parseDataSelector(item) ?? {};
  if (type === undefined || (source !== 'jsonld' && source !== 'microdata')) return [];
  const unread = source === 'jsonld' ? describeUnreadBlocks(page, type) : undefined;
  return [
    describeDeepEntities(page, source, type) ?? [],
    unread === undefined ? [] : `"${item}" may match more on ${page.url}. ${unread}`,
  ].flat();
}

/** Explains why there are no rows. An empty list is an answer. */
function describeNoRows(
  page: Page,
  { selectors }: RowRules,
  item: string,
  values: readonly JsonValue[],
): string | undefined {
  const [first] = values;
  if (first === undefined) return describeMiss(page, item);
  const list = Array.isArray(first) ? first[0] : undefined;
  const count = values.length + (page.earlier?.rows ?? 0);
  const inside = `item "${item}" selects ${pluralize(count, 'value')} ${describePlace(page)}, and no field is in ${count === 1 ? 'it' : 'them'}`;
  if (count === 1 && isRecord(list))
    return `${inside}: it is a list. Its entries are the rows: item: "${item.trim()}[*]"`;
  const names = listNames(first);
  const field = Object.values(selectors)[0]?.selector;
  return `${inside}: ${field === undefined || names === undefined ? `the first is ${describeValue(first)}` : `the first has ${names}`}`;
}

/** Without `item`, the page is one row, and a path that selects many values was meant for many. */
export function describeManyValues(page: Page, { selectors }: RowRules, found: RowMatches): string[] {
  for (const [name, field] of Object.entries(selectors)) {
    const matches = found.get(name) ?? [];
    const data = parseDataSelector(field.selector);
    if (data === undefined || field.multiple || matches.length < 2) continue;
    const list = /^(.*?\[\*\]|.*?\.\*)(.*)$/s.exec(data.path)?.[1];
    return [
      `${name} matches ${matches.length} values on ${page.url}, and without item the page is one row. ` +
        (list === undefined
          ? 'Name the list that holds the rows: item: "json:$.…[*]"'
          : `Perhaps: item: "${formatDataSelector({ ...data, path: list })}", and in the fields $ for each entry.`),
    ];
  }
  return [];
}
