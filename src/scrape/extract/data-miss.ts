import { isRecord } from '../../core/lib/json.ts';
import { truncateList } from '../../core/lib/text.ts';
import { findNearestName } from '../config/nearest-name.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { parseDataSelector } from '../selectors/data-selector.ts';
import { findJsonStop, formatJsonStep, type JsonStop } from '../selectors/json-path.ts';
import { findMatches, getDataRoots } from './find-matches.ts';

/** Answers wrap their data in one or two objects. */
const MAX_WRAPPERS = 2;
/** GraphQL names the next page further down. */
const MAX_CURSOR_DEPTH = 5;

/** Says where the path of a selector of data stops that selects nothing on a page, and what is there. */
export function describeMiss(page: Page, selector: string): string | undefined {
  const data = parseDataSelector(selector);
  if (data === undefined) return undefined;
  const [root] = getDataRoots(page, data);
  if (root === undefined)
    return `"${selector}" matches nothing: ${page.url} has no ${data.type ?? ''} ${data.source} data`.replaceAll(
      / +/g,
      ' ',
    );
  const stop = findJsonStop(data.path, root);
  const [value = null] = stop.values;
  if (Array.isArray(value) && value.length === 0) return undefined;
  return `"${selector}" matches nothing on ${page.url}: ${stop.reached} is ${describeValue(value)}${suggest(findMeant(stop))}`;
}

/**
 * Explains why a selector of data finds no next page. Services leave the name out on the last page, so there must be
 * another name that seems to lead on.
 * @returns undefined if the selector finds something, or nothing seems to lead on
 */
export function describeMissingNext(page: Page, selector: string): string | undefined {
  const data = parseDataSelector(selector);
  if (data === undefined || findMatches(page, selector).length > 0) return undefined;
  const [root] = getDataRoots(page, data);
  if (root === undefined) return undefined;
  const stop = findJsonStop(data.path, root);
  const last = /([\w-]+)["']?\]?$/.exec(data.path)?.[1] ?? '';
  const meant =
    findPath(root, '$', MAX_CURSOR_DEPTH, (name, value) => name === last && leadsOn(value)) ??
    findMeant(stop) ??
    findPath(root, '$', MAX_CURSOR_DEPTH, (name, value) => NEXT_NAME.test(name) && leadsOn(value));
  if (meant === undefined) return undefined;
  const [value = null] = stop.values;
  return `"${selector}" matches nothing on ${page.url}, so no further page was asked for: ${stop.reached} is ${describeValue(value)}${suggest(meant)}`;
}

const NEXT_NAME = /cursor|next|after|has_?more|continuation|page_?token/i;

/** Services end with null, false, an empty text, or 0. */
function leadsOn(value: JsonValue): boolean {
  return value === true || (typeof value === 'string' && value !== '') || Number(value) > 0;
}

function suggest(path: string | undefined): string {
  return path === undefined ? '' : `. Did you mean ${path}?`;
}

/** Returns the path to a similar name at the place, or to the same name a little below it. */
function findMeant({ reached, name, values: [value = null] }: JsonStop): string | undefined {
  if (!isRecord(value)) return undefined;
  const near = findNearestName(name, Object.keys(value));
  if (near !== undefined) return reached + formatJsonStep(near);
  return findPath(value as JsonValue, reached, MAX_WRAPPERS, (other) => other === name);
}

/** Returns the path to the nearest value within objects that is meant. */
function findPath(
  root: JsonValue,
  path: string,
  depth: number,
  isMeant: (name: string, value: JsonValue) => boolean,
): string | undefined {
  let level: [string, JsonValue][] = [[path, root]];
  for (let step = 0; step <= depth; step++) {
    const below: typeof level = [];
    for (const [at, value] of level) {
      if (!isRecord(value)) continue;
      for (const [name, inner] of Object.entries(value)) {
        const place = at + formatJsonStep(name);
        if (isMeant(name, inner as JsonValue)) return place;
        below.push([place, inner as JsonValue]);
      }
    }
    level = below;
  }
  return undefined;
}

export function describeValue(value: JsonValue): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isRecord(value)) return `an object with ${listNames(value) ?? 'nothing in it'}`;
  return value === null ? 'null' : `a ${typeof value}`;
}

export function listNames(value: JsonValue): string | undefined {
  const names = isRecord(value) ? Object.keys(value).map((name) => name.slice(0, 40)) : [];
  return names.length === 0 ? undefined : truncateList(names);
}
