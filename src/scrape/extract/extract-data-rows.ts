import { isRecord } from '../../core/lib/json.ts';
import { pluralize, truncateList } from '../../core/lib/text.ts';
import { findNearestName } from '../config/nearest-name.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { formatDataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import { findJsonStop, formatJsonStep } from '../selectors/json-path.ts';
import { inData, isDataMatch } from './data-match.ts';
import type { ExtractionContext } from './extraction-context.ts';
import { findRequired, getDataRoots } from './find-matches.ts';
import {
  type Extraction,
  type FindInRow,
  listSelectors,
  makeRows,
  type RowMatches,
  type RowRules,
} from './make-rows.ts';

/**
 * Extracts rows of data: each value that `item` selects is a row, and `$` in the fields is that value.
 * @throws ScrapeError `no_items` if the page has no JSON
 */
export function extractDataRows(context: ExtractionContext, config: RowRules, item: string): Extraction {
  const { page } = context;
  const rows = findRequired(page, item, 'item').filter(isDataMatch);
  // A page of JSON may have thousands of rows, so each selector is read once.
  const finders = new Map(listSelectors(config).map(([name, selector]) => [name, inData(page, selector)]));
  const found = rows.map(
    ({ value }): FindInRow =>
      (name) =>
        finders.get(name)?.(value) ?? [],
  );
  const extraction = makeRows(context, config, found);
  const values = rows.map(({ value }) => value);
  const warning = extraction.rows.length > 0 ? undefined : describeNoRows(page, config, item, values);
  return {
    ...extraction,
    found: { item: rows.length },
    warnings: warning === undefined ? [] : [warning],
  };
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
  const inside = `item "${item}" selects ${pluralize(values.length, 'value')} on ${page.url}, and no field is in ${values.length === 1 ? 'it' : 'them'}`;
  if (values.length === 1 && isRecord(list))
    return `${inside}: it is a list. Its entries are the rows: item: "${item.trim()}[*]"`;
  const names = listNames(first);
  const field = Object.values(selectors)[0]?.selector;
  return `${inside}: ${field === undefined || names === undefined ? `the first is ${describeValue(first)}` : `the first has ${names}`}`;
}

/** Says where a path that selects nothing stops, and what is there. */
function describeMiss(page: Page, selector: string): string | undefined {
  const data = parseDataSelector(selector);
  if (data === undefined) return undefined;
  const [root] = getDataRoots(page, data);
  if (root === undefined)
    return `"${selector}" matches nothing: ${page.url} has no ${data.type ?? ''} ${data.source} data`.replaceAll(
      / +/g,
      ' ',
    );
  const { reached, name, values } = findJsonStop(data.path, root);
  const [value = null] = values;
  if (Array.isArray(value) && value.length === 0) return undefined;
  const names = isRecord(value) ? Object.keys(value) : [];
  const near = findNearestName(name, names);
  return (
    `"${selector}" matches nothing on ${page.url}: ${reached} is ${describeValue(value)}` +
    (near === undefined ? '' : `. Did you mean ${reached}${formatJsonStep(near)}?`)
  );
}

function describeValue(value: JsonValue): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isRecord(value)) return `an object with ${listNames(value) ?? 'nothing in it'}`;
  return value === null ? 'null' : `a ${typeof value}`;
}

function listNames(value: JsonValue): string | undefined {
  const names = isRecord(value) ? Object.keys(value).map((name) => name.slice(0, 40)) : [];
  return names.length === 0 ? undefined : truncateList(names);
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
