import { tryParseJson } from '../../core/lib/json.ts';
import { getText, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getDescendants } from '../suggest/dom-helpers.ts';
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

const JSON_LD = 'script[type="application/ld+json"]';

function findJsonLd(page: Page): StructuredData[] {
  const found = new Map<string, StructuredData>();
  for (const script of select(page, JSON_LD)) {
    const text = getText(script);
    const left: unknown[] = [text.length > MAX_PARSED_CHARACTERS ? undefined : tryParseJson(text)];
    for (let visited = 0; left.length > 0 && visited < MAX_NODES; visited += 1) {
      const value = left.pop();
      if (typeof value !== 'object' || value === null) continue;
      if (!Array.isArray(value)) addTyped(found, value as Record<string, unknown>);
      left.push(...Object.values(value).slice(0, MAX_NODES).toReversed());
    }
  }
  return [...found.values()];
}

function addTyped(found: Map<string, StructuredData>, value: Record<string, unknown>): void {
  const types = [value['@type'] ?? []].flat().filter((type) => typeof type === 'string');
  if (types.length === 0) return;
  const type = cleanText(types.join(' '), SAMPLE_CHARACTERS);
  const known = found.get(type);
  if (known !== undefined) {
    known.count += 1;
    return;
  }
  const sample: Record<string, string> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (name.startsWith('@') || Object.keys(sample).length >= MAX_PROPERTIES) continue;
    addSample(sample, name, describeValue(inner));
  }
  found.set(type, { kind: 'json-ld', type, count: 1, selector: JSON_LD, sample });
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

function findMicrodata(page: Page): StructuredData[] {
  const found = new Map<string, StructuredData>();
  for (const element of select(page, '[itemscope][itemtype]')) {
    const type = cleanText(
      (element.attribs['itemtype'] ?? '').replace(/^https?:\/\/schema\.org\//, ''),
      SAMPLE_CHARACTERS,
    );
    const known = found.get(type);
    if (known !== undefined) known.count += 1;
    else
      found.set(type, {
        kind: 'microdata',
        type,
        count: 1,
        selector: `${element.name}[itemtype="${cleanText(element.attribs['itemtype'] ?? '', 100).replaceAll('"', '')}"]`,
        sample: readProperties(element),
      });
  }
  return [...found.values()];
}

function readProperties(item: PageElement): Record<string, string> {
  const sample: Record<string, string> = {};
  for (const element of getDescendants(item)) {
    const name = element.attribs['itemprop'];
    if (name === undefined || Object.keys(sample).length >= MAX_PROPERTIES) continue;
    const { content, href, src, datetime } = element.attribs;
    addSample(sample, name, content ?? datetime ?? (getText(element).trim() || (href ?? src ?? '')));
  }
  return sample;
}

function findOpenGraph(page: Page): StructuredData[] {
  const found = select(page, 'meta[property^="og:"], meta[property^="product:"], meta[property^="article:"]');
  if (found.length === 0) return [];
  const sample: Record<string, string> = {};
  for (const { attribs } of found.slice(0, MAX_PROPERTIES))
    addSample(sample, attribs['property'] ?? '', attribs['content'] ?? '');
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
