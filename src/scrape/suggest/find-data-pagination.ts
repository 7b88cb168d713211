import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { isRecord } from '../../core/lib/json.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { readLinkHeader } from '../pagination/next-link.ts';
import { formatJsonStep } from '../selectors/json-path.ts';

/** How data lead from one page to the next, where no address of the next page is in them. */
export type DataPagination =
  | { type: 'cursor'; selector: string; param_name: string }
  | { type: 'link_header' }
  | { type: 'url_param'; param_name: string; start_page: number; step: number };

const NEXT_NAMES = /^(?:next|next_?(?:page|url|link|href)|next_?page_?(?:url|link))$/i;
const NEXT_PARENTS = /^(?:_?links?|paging|pagination|meta|page|info|pages)$/i;

/** Returns the JSONPath of the address of the next page; null if the data name none. */
export function findNextAddress(root: JsonValue): string | null {
  if (!isRecord(root)) return null;
  for (const [key, value] of Object.entries(root))
    if (NEXT_NAMES.test(key) && isAddress(value)) return `$${formatJsonStep(key)}`;
  for (const [parent, inner] of Object.entries(root)) {
    if (!NEXT_PARENTS.test(parent) || !isRecord(inner)) continue;
    for (const [key, value] of Object.entries(inner)) {
      if (!NEXT_NAMES.test(key)) continue;
      const path = `$${formatJsonStep(parent)}${formatJsonStep(key)}`;
      if (isAddress(value)) return path;
      if (isRecord(value) && isAddress(value['href'])) return `${path}.href`;
    }
  }
  return null;
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && /^(?:https?:\/\/|\/|\?)/.test(value);
}

const CURSOR_NAMES =
  /^(?:next_?(?:cursor|token|page_?token|page|key|marker|offset)?|cursor|continuation(?:_?token)?|page_?token|scroll_?id|after)$/i;
const PAGE_NAMES = /^(?:page|current_?page|page_?(?:number|index|no)?)$/i;
const LAST_NAMES = /^(?:total_?pages|pages|last_?page|page_?count|num_?pages|nb_?pages)$/i;
const OFFSET_NAMES = /^(?:offset|start|skip|from|start_?(?:at|index))$/i;
const TOTAL_NAMES = /^(?:total|count|total_?(?:count|results|items|hits)?|num_?found|nb_?hits)$/i;

/**
 * Returns how data lead to the next page by what they count or name; undefined if they do not, or if this is the last
 * page.
 * @param rows the number of rows on this page
 */
export function findDataPagination(page: Page, root: JsonValue, rows: number): DataPagination | undefined {
  if ('url' in readLinkHeader(page)) return { type: 'link_header' };
  const facts = listFacts(root);
  const own = canParseUrl(page.url) ? new URL(page.url).searchParams : new URLSearchParams();
  return findCursor(facts, own) ?? findPageParam(facts, own) ?? findOffsetParam(facts, own, rows);
}

interface Fact {
  name: string;
  path: string;
  value: JsonValue;
}

/** What the data say besides their rows: the values at the top, and in objects such as `meta`. */
function listFacts(root: JsonValue): Fact[] {
  if (!isRecord(root)) return [];
  return Object.entries(root).flatMap(([name, value]): Fact[] => {
    const path = `$${formatJsonStep(name)}`;
    if (!isRecord(value)) return [{ name, path, value: value as JsonValue }];
    if (!NEXT_PARENTS.test(name)) return [];
    return Object.entries(value).map(([key, inner]) => ({
      name: key,
      path: path + formatJsonStep(key),
      value: inner as JsonValue,
    }));
  });
}

function findCursor(facts: readonly Fact[], own: URLSearchParams): DataPagination | undefined {
  const found = facts.find(
    ({ name, value }) =>
      CURSOR_NAMES.test(name) &&
      !isAddress(value) &&
      ((typeof value === 'string' && value !== '') || (typeof value === 'number' && /next/i.test(name))),
  );
  if (found === undefined) return undefined;
  // `next_cursor` answers to `cursor`, `nextPageToken` to `pageToken`.
  const bare = found.name.replace(/^next_?(?=\w)/i, '') || 'cursor';
  const named = /^next$/i.test(bare) ? 'cursor' : bare.charAt(0).toLowerCase() + bare.slice(1);
  const known = [...own.keys()].find((key) => key.toLowerCase() === named.toLowerCase());
  return { type: 'cursor', selector: `json:${found.path}`, param_name: known ?? named };
}

function findPageParam(facts: readonly Fact[], own: URLSearchParams): DataPagination | undefined {
  const current = findNumber(facts, PAGE_NAMES);
  const last = findNumber(facts, LAST_NAMES);
  const hasMore = facts.some(
    ({ name, value }) => /^has_?(?:more|next)(?:_?page)?$/i.test(name) && value === true,
  );
  if (current === undefined || !((last !== undefined && current.value < last.value) || hasMore))
    return undefined;
  const known = [...own].find(([key, value]) => PAGE_NAMES.test(key) && value === String(current.value));
  return { type: 'url_param', param_name: known?.[0] ?? 'page', start_page: current.value, step: 1 };
}

function findOffsetParam(
  facts: readonly Fact[],
  own: URLSearchParams,
  rows: number,
): DataPagination | undefined {
  const offset = findNumber(facts, OFFSET_NAMES);
  const total = findNumber(facts, TOTAL_NAMES);
  if (offset === undefined || total === undefined || rows === 0) return undefined;
  if (offset.value + rows >= total.value) return undefined;
  const known = [...own].find(([key, value]) => OFFSET_NAMES.test(key) && value === String(offset.value));
  return {
    type: 'url_param',
    param_name: known?.[0] ?? offset.name,
    start_page: offset.value,
    step: rows,
  };
}

function findNumber(facts: readonly Fact[], names: RegExp): { name: string; value: number } | undefined {
  for (const { name, value } of facts)
    if (names.test(name) && typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
      return { name, value };
  return undefined;
}
