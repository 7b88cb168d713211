import { tryParseJson } from '../../core/lib/json.ts';
import { readTypes } from '../extract/microdata.ts';
import { findEntities, JSON_LD, listOpenGraph } from '../extract/page-entities.ts';
import { getText, select } from '../extract/select.ts';
import type { JsonValue, Page } from '../lib/page.ts';
import { labelElement } from './element-label.ts';
import { cleanText } from './visible-content.ts';

/** Data for programs that a page carries. */
export interface StructuredData {
  /** `json-ld`, `microdata`, `opengraph` or `json`. */
  kind: 'json-ld' | 'microdata' | 'opengraph' | 'json';
  /** Its type, such as `Product`. */
  type: string;
  count: number;
  selector: string;
  /** Names of properties with the beginning of their values, from the first one. */
  sample: Record<string, string>;
  /** Characters, for embedded JSON. */
  size?: number;
}

const SAMPLE_CHARACTERS = 60;
const MAX_PROPERTIES = 8;
const MAX_ENTRIES = 12;
/** Larger scripts are only measured. */
const MAX_PARSED_CHARACTERS = 500_000;
/** A script with less is a setting, not data. */
const MIN_EMBEDDED_CHARACTERS = 200;
const MAX_NODES = 2_000;

/** Finds the data for programs in a page: JSON-LD, microdata, OpenGraph, and embedded JSON by its size. */
export function findStructuredData(page: Page): StructuredData[] {
  return [
    ...findJsonLd(page),
    ...findMicrodata(page),
    ...findOpenGraph(page),
    ...findEmbeddedJson(page),
  ].slice(0, MAX_ENTRIES);
}

function findJsonLd(page: Page): StructuredData[] {
  return summarize(findEntities(page, 'jsonld'), 'json-ld', () => JSON_LD);
}

function findMicrodata(page: Page): StructuredData[] {
  const elements = select(page, '[itemscope][itemtype]');
  return summarize(findEntities(page, 'microdata'), 'microdata', (types) => {
    const element = elements.find((one) => readTypes(one).join(' ') === types.join(' '));
    const type = cleanText(element?.attribs['itemtype'] ?? '', 100).replaceAll('"', '');
    return `${element?.name ?? ''}[itemtype="${type}"]`;
  });
}

/** Counts entities and those within them by their types, with the properties of the first one. */
function summarize(
  entities: readonly JsonValue[],
  kind: 'json-ld' | 'microdata',
  findSelector: (types: readonly string[]) => string,
): StructuredData[] {
  const found = new Map<string, StructuredData>();
  const left = entities.toReversed();
  for (let visited = 0; left.length > 0 && visited < MAX_NODES; visited += 1) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    left.push(...Object.values(value).slice(0, MAX_NODES).toReversed());
    const types = Array.isArray(value)
      ? []
      : [value['@type'] ?? []].flat().filter((type) => typeof type === 'string');
    const type = cleanText(types.join(' '), SAMPLE_CHARACTERS);
    if (Array.isArray(value) || type === '') continue;
    const known = found.get(type);
    if (known === undefined)
      found.set(type, { kind, type, count: 1, selector: findSelector(types), sample: takeSample(value) });
    else known.count += 1;
  }
  return [...found.values()];
}

function takeSample(entity: Readonly<Record<string, JsonValue>>): Record<string, string> {
  const sample: Record<string, string> = {};
  for (const [name, inner] of Object.entries(entity)) {
    if (name.startsWith('@') || Object.keys(sample).length >= MAX_PROPERTIES) continue;
    addSample(sample, name, describeValue(inner));
  }
  return sample;
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const type = (value as Record<string, unknown>)['@type'];
  return typeof type === 'string' ? `{${type}}` : '{…}';
}

function addSample(sample: Record<string, string>, name: string, value: string): void {
  const key = cleanText(name, SAMPLE_CHARACTERS / 2);
  // A page must not choose the prototype of this object.
  if (key !== '' && key !== '__proto__') sample[key] = cleanText(value, SAMPLE_CHARACTERS);
}

function findOpenGraph(page: Page): StructuredData[] {
  const found = listOpenGraph(page).filter(([property]) => /^(?:og|product|article):/.test(property));
  if (found.length === 0) return [];
  const sample: Record<string, string> = {};
  for (const [property, content] of found.slice(0, MAX_PROPERTIES)) addSample(sample, property, content);
  const type = sample['og:type'] ?? 'page';
  return [{ kind: 'opengraph', type, count: found.length, selector: 'meta[property^="og:"]', sample }];
}

/** State that frameworks put into a page: `window.__INITIAL_STATE__ = {…}`. */
const ASSIGNED =
  /(?:window|self|globalThis)(?:\.|\[["'])(__?\w{2,40}|\w*(?:STATE|DATA|PROPS)\w*)(?:["']\])?\s*=\s*[{["J]/;

function findEmbeddedJson(page: Page): StructuredData[] {
  return select(page, 'script')
    .flatMap((script) => {
      const text = getText(script);
      const type = (script.attribs['type'] ?? '').toLowerCase();
      if (text.length < MIN_EMBEDDED_CHARACTERS || type === 'application/ld+json') return [];
      const [, assigned] = /json/.test(type) ? [] : (ASSIGNED.exec(text) ?? []);
      if (!/json/.test(type) && assigned === undefined) return [];
      const parsed =
        assigned === undefined && text.length <= MAX_PARSED_CHARACTERS ? tryParseJson(text) : undefined;
      const sample: Record<string, string> = {};
      if (typeof parsed === 'object' && parsed !== null)
        for (const [name, value] of Object.entries(parsed).slice(0, MAX_PROPERTIES))
          addSample(sample, name, describeValue(value));
      return [
        {
          kind: 'json' as const,
          type: cleanText(assigned ?? script.attribs['id'] ?? type, SAMPLE_CHARACTERS),
          count: 1,
          selector: labelElement(script),
          sample,
          size: text.length,
        },
      ];
    })
    .toSorted((one, other) => other.size - one.size);
}
