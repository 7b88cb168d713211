import { asRecord } from '../../core/lib/json.ts';
import { pluralize, truncateList } from '../../core/lib/text.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import type { DataSource } from '../selectors/data-selector.ts';
import { readMicrodata } from './microdata.ts';
import { rememberData } from './page-json.ts';
import { NoJson } from './read-json.ts';
import { readHandwrittenJson } from './repair-json.ts';
import { getText, select } from './select.ts';

/** Selects the scripts with JSON-LD. */
export const JSON_LD = 'script[type="application/ld+json" i]';
/** Entities further down are of other entities: a review of a review. */
const MAX_ENTITY_DEPTH = 30;
const MAX_UNREAD_BLOCKS = 3;

/**
 * Returns what a page says about its contents for search engines: the entities of its JSON-LD or of its microdata in the
 * same shape, or one object with its OpenGraph properties. A block that cannot be read is left out.
 * @param type only those of this type, at any depth; without one, those that are not part of another
 */
export function findEntities(
  page: Page,
  source: Exclude<DataSource, 'json'>,
  type?: string,
): readonly JsonValue[] {
  const all = rememberData(page, source, () => {
    if (source === 'jsonld') return readJsonLd(page);
    return source === 'microdata' ? readMicrodata(page) : readOpenGraph(page);
  });
  if (type === undefined) return all;
  return rememberData(page, `${source} ${type}`, () => all.flatMap((entity) => findByType(entity, type, 0)));
}

function readJsonLd(page: Page): JsonValue[] {
  return select(page, JSON_LD)
    .flatMap((script) => {
      const block = readBlock(getText(script));
      return block instanceof NoJson ? [] : [block].flat();
    })
    .flatMap(getGraph)
    .filter((entity) => typeof entity === 'object' && entity !== null);
}

function readBlock(text: string): JsonValue | NoJson {
  try {
    return readHandwrittenJson(text);
  } catch (error) {
    if (error instanceof NoJson) return error;
    throw error;
  }
}

/**
 * Names the blocks of a page's JSON-LD that cannot be read, and where each stops being JSON.
 * @param type only blocks in which this name of a type occurs
 * @returns a sentence without its period; undefined if there are none
 */
export function describeUnreadBlocks(page: Page, type = ''): string | undefined {
  const blocks = select(page, JSON_LD).map(getText);
  const unread = blocks.flatMap((text, index) => {
    const block = text.includes(shortType(type)) ? readBlock(text) : undefined;
    return block instanceof NoJson ? [`block ${index + 1} ${block.message}`] : [];
  });
  if (unread.length === 0) return undefined;
  return `The page has ${pluralize(blocks.length, 'block')} of JSON-LD, and ${truncateList(unread, MAX_UNREAD_BLOCKS)}`;
}

/** JSON-LD may list its entities in `@graph`, also those that belong to an entity. */
function getGraph(value: JsonValue): JsonValue[] {
  const { '@graph': graph, ...entity } = asRecord(value) as Record<string, JsonValue>;
  if (!Array.isArray(graph)) return [value];
  return entity['@type'] === undefined ? graph : [entity, ...graph];
}

function findByType(value: JsonValue, type: string, depth: number): JsonValue[] {
  if (typeof value !== 'object' || value === null || depth > MAX_ENTITY_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((one) => findByType(one, type, depth + 1));
  const own = [value['@type'] ?? []].flat().some((name) => isType(name, type)) ? [value] : [];
  return [...own, ...Object.values(value).flatMap((one) => findByType(one, type, depth + 1))];
}

/** Explains that entities of a type are not taken, because they are nested too deep; undefined if all are. */
export function describeDeepEntities(
  page: Page,
  source: 'jsonld' | 'microdata',
  type: string,
): string | undefined {
  const taken = findEntities(page, source, type).length;
  let all = 0;
  const left: JsonValue[] = [...findEntities(page, source)];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value) && [value['@type'] ?? []].flat().some((name) => isType(name, type))) all += 1;
    for (const one of Object.values(value)) left.push(one);
  }
  return all === taken
    ? undefined
    : `${page.url} has ${pluralize(all, 'entity', 'entities')} of type ${type} in its ${source} data, and ${taken} of them are taken: the others are nested more than ${MAX_ENTITY_DEPTH} levels deep`;
}

/** Returns the types of all entities of a page, each once. */
export function listTypes(page: Page, source: 'jsonld' | 'microdata'): string[] {
  const types = new Set<string>();
  const note = (value: JsonValue, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > MAX_ENTITY_DEPTH) return;
    if (!Array.isArray(value))
      for (const name of [value['@type'] ?? []].flat())
        if (typeof name === 'string') types.add(shortType(name).slice(0, 40));
    for (const one of Object.values(value)) note(one, depth + 1);
  };
  for (const entity of findEntities(page, source)) note(entity, 0);
  return [...types];
}

/** `Product`, `schema:Product` and `https://schema.org/Product` are one type. */
function isType(name: JsonValue, type: string): boolean {
  return typeof name === 'string' && (name === type || shortType(name) === shortType(type));
}

function shortType(name: string): string {
  return name.replace(/^.*[/#:]/, '');
}

function readOpenGraph(page: Page): JsonValue[] {
  const properties = listOpenGraph(page).map(
    ([name, content]) => [name.replace(/^og:/, ''), content] as const,
  );
  // Of several values the first one counts: the main picture.
  return properties.length === 0 ? [] : [Object.fromEntries(properties.toReversed())];
}

/** Returns the properties of OpenGraph and of similar vocabularies, `og:title` and `article:author`, in the page's order. */
export function listOpenGraph(page: Page): (readonly [name: string, content: string])[] {
  return select(page, 'meta[property][content]').flatMap(({ attribs }) => {
    const { property = '', content = '' } = attribs;
    return property.includes(':') ? [[property, content] as const] : [];
  });
}
