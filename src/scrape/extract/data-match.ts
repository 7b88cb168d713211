import type { JsonValue, Page } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { parseDataSelector } from '../selectors/data-selector.ts';
import { getJsonQuery, isTooDeep, type JsonQuery } from '../selectors/json-path.ts';
import type { Match, TextMatch } from './select.ts';

/** A value of data that a JSONPath found. To code that knows only texts, it is its text. */
export class DataMatch implements TextMatch {
  readonly element = null;
  readonly value: JsonValue;

  constructor(value: JsonValue) {
    this.value = value;
  }

  get text(): string {
    if (typeof this.value === 'string') return this.value;
    return this.value === null || isNestedTooDeep(this.value) ? '' : JSON.stringify(this.value);
  }
}

/** Deeper values are no data of a row: to write them as JSON takes a stack frame for each level. */
const MAX_LEVELS = 500;

/** Whether a value is nested so deep that it cannot be in a row. */
export function isNestedTooDeep(value: JsonValue, levels = MAX_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels < 0) return true;
  const entries = Array.isArray(value) ? value : Object.values(value);
  return entries.some((entry) => isNestedTooDeep(entry, levels - 1));
}

export function isDataMatch(match: Match): match is DataMatch {
  return match instanceof DataMatch;
}

const NOTHING: JsonQuery = { find: () => [], findOne: () => undefined };

/**
 * Returns what finds by a `json:` selector in a row of data, or in a value of it; any other selector finds nothing.
 * @throws ScrapeError while it finds, as {@link queryData}
 */
export function findInData(page: Pick<Page, 'url'>, selector: string): JsonQuery {
  const data = parseDataSelector(selector);
  if (data?.source !== 'json') return NOTHING;
  const query = getJsonQuery(data.path);
  return { ...query, find: (within) => runQuery(page, data.path, query, within) };
}

/**
 * Returns the values that a JSONPath selects.
 * @throws ScrapeError `too_large` if the data are nested too deep
 */
export function queryData(page: Pick<Page, 'url'>, path: string, root: JsonValue): readonly JsonValue[] {
  return runQuery(page, path, getJsonQuery(path), root);
}

function runQuery(
  { url }: Pick<Page, 'url'>,
  path: string,
  query: JsonQuery,
  root: JsonValue,
): readonly JsonValue[] {
  try {
    return query.find(root);
  } catch (error) {
    if (!isTooDeep(error)) throw error;
    throw new ScrapeError('too_large', `${url} nests its data too deeply for "${path}"`, {
      url,
      hint: 'Name the way to the values, without "..".',
    });
  }
}
