import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { toAbsoluteUrl } from './read-link.ts';
import { getText, isElement, select } from './select.ts';

/** Attributes that hold the value of a property (HTML standard, 5.2.4). */
const VALUE_ATTRIBUTES: Readonly<Record<string, string>> = {
  meta: 'content',
  audio: 'src',
  embed: 'src',
  iframe: 'src',
  img: 'src',
  source: 'src',
  track: 'src',
  video: 'src',
  a: 'href',
  area: 'href',
  link: 'href',
  object: 'data',
  data: 'value',
  meter: 'value',
  time: 'datetime',
};

/** Elements further down are not read. */
const MAX_DEPTH = 30;

/**
 * Returns the items of a page's microdata (HTML standard, 5) in the shape of JSON-LD: `@type`, and each property with its
 * value, or a list of several. A property outside of every item is an item of its own: the standard leaves it out, but
 * sites mark up their articles and ratings so.
 */
export function readMicrodata(page: Page): JsonValue[] {
  const referenced = new Set(select(page, '[itemref]').flatMap((item) => findReferenced(page, item)));
  return select(page, '[itemscope]')
    .filter((item) => !('itemprop' in item.attribs && isOfItem(item, referenced)))
    .map((item) => readItem(page, item, 0));
}

function isOfItem(item: PageElement, referenced: ReadonlySet<PageElement>): boolean {
  if (referenced.has(item)) return true;
  for (let { parent } = item; parent !== null && isElement(parent); { parent } = parent)
    if ('itemscope' in parent.attribs || referenced.has(parent)) return true;
  return false;
}

function findReferenced(page: Page, item: PageElement): PageElement[] {
  const refs = (item.attribs['itemref'] ?? '').split(/\s+/).filter((id) => id !== '');
  return refs.flatMap((id) => select(page, `[id="${id.replaceAll(/["\\]/g, '\\$&')}"]`).slice(0, 1));
}

/** Returns the types of an item, without the address of schema.org. */
export function readTypes({ attribs }: PageElement): string[] {
  return (attribs['itemtype'] ?? '')
    .split(/\s+/)
    .filter((type) => type !== '')
    .map((type) => type.replace(/^https?:\/\/schema\.org\//, ''));
}

function readItem(page: Page, item: PageElement, depth: number): JsonValue {
  const { itemid } = item.attribs;
  const types = readTypes(item);
  const properties = new Map<string, JsonValue[]>();
  for (const element of findProperties(page, item)) {
    const value =
      'itemscope' in element.attribs ? readNested(page, element, depth) : readValue(page, element);
    for (const name of (element.attribs['itemprop'] ?? '').split(/\s+/).filter((one) => one !== ''))
      properties.set(name, [...(properties.get(name) ?? []), value]);
  }
  return {
    ...(types.length > 0 && { '@type': types.length === 1 ? (types[0] as string) : types }),
    ...(itemid !== undefined && { '@id': itemid }),
    ...Object.fromEntries(
      [...properties].map(([name, values]) => [
        name,
        values.length === 1 ? (values[0] as JsonValue) : values,
      ]),
    ),
  };
}

function readNested(page: Page, element: PageElement, depth: number): JsonValue {
  return depth < MAX_DEPTH ? readItem(page, element, depth + 1) : null;
}

/** The elements with properties of an item, and not of an item in it, in the order of the page; `itemref` included. */
function findProperties(page: Page, item: PageElement): PageElement[] {
  const found: PageElement[] = [];
  const visited = new Set<PageElement>([item]);
  const left = [...item.children.filter(isElement), ...findReferenced(page, item)].reverse();
  for (let element = left.pop(); element !== undefined; element = left.pop()) {
    if (visited.has(element)) continue;
    visited.add(element);
    if ('itemprop' in element.attribs) found.push(element);
    if ('itemscope' in element.attribs) continue;
    for (let child = element.lastChild; child !== null; child = child.prev)
      if (isElement(child)) left.push(child);
  }
  return found;
}

function readValue(page: Page, element: PageElement): JsonValue {
  const name = VALUE_ATTRIBUTES[element.name];
  // Sites put content on any element, and all programs read it there.
  const value = element.attribs['content'] ?? (name === undefined ? undefined : element.attribs[name]);
  if (value === undefined) return getText(element).replaceAll(/\s+/g, ' ').trim();
  return name === 'src' || name === 'href' || name === 'data' ? toAbsoluteUrl(page, value) : value;
}
