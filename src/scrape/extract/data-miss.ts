import { isRecord } from '../../core/lib/json.ts';
import { truncateList } from '../../core/lib/text.ts';
import { findNearestName } from '../config/nearest-name.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { type DataSelector, isDataSelector, parseDataSelector } from '../selectors/data-selector.ts';
import { findJsonStop, formatJsonStep, isNameStep, type JsonStop } from '../selectors/json-path.ts';
import { isDataMatch } from './data-match.ts';
import { findMatches, getDataRoots } from './find-matches.ts';
import { describeUnreadBlocks, listTypes } from './page-entities.ts';
import { looksLikeJson, NoJson } from './read-json.ts';
import { SelectorFailure } from './select.ts';

/** Entries of a list whose names are read. */
const MAX_ENTRIES = 20;
/** Answers wrap their data in one or two objects. */
const MAX_WRAPPERS = 2;
/** Of a text that is shown. */
const MAX_TEXT_CHARACTERS = 40;
/** GraphQL names the next page further down. */
const MAX_CURSOR_DEPTH = 5;

/** Says where the path of a selector of data stops that selects nothing on a page, and what is there. */
export function describeMiss(page: Page, selector: string): string | undefined {
  const data = parseDataSelector(selector);
  if (data === undefined) return undefined;
  const [root] = getDataRoots(page, data);
  if (root === undefined)
    return `"${selector}" matches nothing: ${page.url} ${describeMissingData(page, data)}`;
  // A part of a large answer has its list, so that a path stops nowhere else.
  const stop = describeStop(data.path, root, page.earlier?.entries);
  if (stop === undefined) return undefined;
  return addUnread(page, data, `"${selector}" matches nothing ${describePlace(page)}: ${stop}`);
}

/** Says where the values of a page are: on it, or in the only part of it that is read. */
export function describePlace({ url, isBeginning = false }: Page): string {
  return isBeginning ? `in the beginning of ${url}` : `on ${url}`;
}

/**
 * Says where a path stops that selects nothing, and what is there; undefined for an empty list.
 * @param before the entries of a list there that are not in the data
 */
export function describeStop(path: string, root: JsonValue, before = 0): string | undefined {
  const stop = findJsonStop(path, root);
  const [value = null] = stop.values;
  if (Array.isArray(value) && value.length + before === 0) return undefined;
  return `${stop.reached} is ${describeValue(value, before)}${suggest(findMeant(stop) ?? findEntries(stop))}`;
}

/**
 * Says where the path of a field stops that selects nothing on a page, and what is there.
 * @param item the selector of the rows
 */
export function describeFieldMiss(page: Page, selector: string, item = ''): string | undefined {
  const data = parseDataSelector(selector);
  if (data === undefined) return undefined;
  const inRow = isDataSelector(item);
  try {
    const [root, ...others] = inRow
      ? findMatches(page, item)
          .filter(isDataMatch)
          .map(({ value }) => value)
      : getDataRoots(page, data);
    if (root === undefined) return inRow ? undefined : `the page ${describeMissingData(page, data)}`;
    const stops = [root, ...others.slice(0, MAX_ROOTS)].map((one) => findJsonStop(data.path, one));
    const stop = stops.reduce((best, one) => (one.reached.length > best.reached.length ? one : best));
    const last = getLastName(data.path);
    const meant =
      findMeant(stop) ?? findPath(root, '$', MAX_WRAPPERS, (name) => name === last) ?? findEntries(stop);
    const told = `${stop.reached} is ${describeValue(stop.values[0] ?? null)}${suggest(meant)}`;
    return inRow ? told : addUnread(page, data, told);
  } catch (error) {
    if (error instanceof NoJson || error instanceof SelectorFailure) return `the page ${error.message}`;
    throw error;
  }
}

/** A page with structured data has a few entities, and a list has many rows. */
const MAX_ROOTS = 20;

function describeMissingData(page: Page, { source, type }: DataSelector): string {
  const types = source === 'jsonld' || source === 'microdata' ? listTypes(page, source) : [];
  const others = type === undefined || types.length === 0 ? '' : `, but ${truncateList(types)}`;
  const told = `has no ${type === undefined ? '' : `${type} in its `}${source} data${others}`;
  return addUnread(page, { source }, told);
}

/** The data that a selector should find may be in a block that cannot be read. */
function addUnread(page: Page, { source }: Pick<DataSelector, 'source'>, told: string): string {
  const unread = source === 'jsonld' ? describeUnreadBlocks(page) : undefined;
  return unread === undefined ? told : `${told}${told.endsWith('?') ? '' : '.'} ${unread}`;
}

function getLastName(path: string): string {
  return /([\w-]+)["']?\]?$/.exec(path)?.[1] ?? '';
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
  const last = getLastName(data.path);
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
  if (Array.isArray(value)) {
    const step = value.slice(0, MAX_ENTRIES).flatMap((entry) => findStep(name, entry) ?? [])[0];
    return step === undefined ? undefined : formatEntries(reached, step);
  }
  if (!isRecord(value)) return undefined;
  const near = findNearestName(name, Object.keys(value));
  if (near !== undefined) return reached + formatJsonStep(near);
  return findPath(value as JsonValue, reached, MAX_WRAPPERS, (other) => other === name);
}

/** Returns the paths to the first entry and to all of them, if a path stops at a list with a name. */
function findEntries({ reached, next, values: [value] }: JsonStop): string | undefined {
  return Array.isArray(value) && value.length > 0 && isNameStep(next) ? formatEntries(reached) : undefined;
}

function formatEntries(list: string, step = ''): string {
  return `${list}[0]${step} or ${list}[*]${step}`;
}

/** Returns the step to a name of an entry that is meant. */
function findStep(name: string, entry: JsonValue): string | undefined {
  const names = isRecord(entry) ? Object.keys(entry) : [];
  const near = names.includes(name) ? name : findNearestName(name, names);
  return near === undefined ? undefined : formatJsonStep(near);
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

/** @param before the entries of a list that are not in the data */
export function describeValue(value: JsonValue, before = 0): string {
  if (Array.isArray(value)) return describeList(value, before);
  if (isRecord(value)) return `an object with ${listNames(value) ?? 'nothing in it'}`;
  if (typeof value !== 'string') return value === null ? 'null' : `a ${typeof value}`;
  const isLong = value.length > MAX_TEXT_CHARACTERS;
  const shown = JSON.stringify(isLong ? `${value.slice(0, MAX_TEXT_CHARACTERS)}…` : value);
  return looksLikeJson(value) ? `a text that holds JSON, ${shown}` : `a text, ${shown}`;
}

/** Names what the first entry has: it is what a path goes on with. */
function describeList(entries: readonly JsonValue[], before: number): string {
  const names = listNames(entries[0] ?? null);
  return `a list of ${(before + entries.length).toLocaleString('en-US')}${names === undefined ? '' : `, the first with ${names}`}`;
}

export function listNames(value: JsonValue): string | undefined {
  const names = isRecord(value) ? Object.keys(value).map((name) => name.slice(0, 40)) : [];
  return names.length === 0 ? undefined : truncateList(names);
}
