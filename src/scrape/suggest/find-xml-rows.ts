import { getText, isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import type { SuggestedField } from './find-fields.ts';
import { guessType } from './guess-type.ts';

/** Elements of XML that repeat, such as the entries of a feed. */
export interface XmlRows {
  item: string;
  rows: number;
  fields: (SuggestedField & { sample: string })[];
}

/** Entries of feeds and sitemaps are rows even if there is only one. */
const ENTRY = /^(?:item|entry|url|sitemap)$/;
const MIN_ROWS = 2;
const MAX_VISITED = 50_000;
const MAX_CHOICES = 5;
const MAX_SAMPLED = 20;
const MAX_FIELDS = 25;
/** The minimum share of rows that must have a field. */
const MIN_SHARE = 0.3;
const SAMPLE_CHARACTERS = 80;

/** Finds the elements of XML that repeat, those with the most values first. */
export function findXmlRows(page: Page): XmlRows[] {
  const lists = new Map<string, PageElement[]>();
  const left: { element: PageElement; path: string }[] = page.$.root()
    .children()
    .toArray()
    .filter(isElement)
    .map((element) => ({ element, path: element.name }));
  for (let visited = 0; left.length > 0 && visited < MAX_VISITED; visited += 1) {
    const { element, path } = left.pop() as (typeof left)[number];
    if (element.children.some(isElement)) {
      const known = lists.get(path);
      if (known === undefined) lists.set(path, [element]);
      else known.push(element);
    }
    for (const child of element.children)
      if (isElement(child)) left.push({ element: child, path: `${path} ${child.name}` });
  }
  return [...lists.values()]
    .filter((rows) => rows.length >= MIN_ROWS || ENTRY.test(rows[0]?.name ?? ''))
    .map((rows) => rows.toReversed())
    .flatMap((rows): (XmlRows & { worth: number })[] => {
      const fields = findFields(page, rows.slice(0, MAX_SAMPLED));
      const item = findItem(page, rows);
      const worth = Math.min(rows.length, 100) * Math.min(fields.length, 12);
      return fields.length === 0 ? [] : [{ item, rows: rows.length, fields, worth }];
    })
    .toSorted((one, other) => other.worth - one.worth)
    .slice(0, MAX_CHOICES)
    .map(({ worth: _, ...rows }) => rows);
}

/** The name of the rows; with that of their parent if others have the same name. */
function findItem(page: Page, rows: readonly PageElement[]): string {
  const [row] = rows as [PageElement];
  const own = toSelector(row.name);
  if (select(page, own).length === rows.length || !isElement(row.parent)) return own;
  return `${toSelector(row.parent.name)} > ${own}`;
}

/** `dc:creator` is found by `dc|creator`. */
function toSelector(name: string): string {
  return name.replaceAll(':', '|').replaceAll(/[^\p{L}\p{N}_|-]/gu, '\\$&');
}

/** The attributes of the rows, and the texts and attributes of their children and grandchildren. */
function findFields(page: Page, rows: readonly PageElement[]): XmlRows['fields'] {
  const places = new Map<
    string,
    { names: string[]; selector: string; attribute: string | null; count: number }
  >();
  for (const row of rows) {
    const seen = new Set<string>();
    const add = (names: string[], selector: string, attribute: string | null) => {
      const key = `${selector} ${attribute}`;
      if (seen.has(key)) return;
      seen.add(key);
      const known = places.get(key);
      if (known === undefined) places.set(key, { names, selector, attribute, count: 1 });
      else known.count += 1;
    };
    for (const name of listAttributes(row)) add([name], ':scope', name);
    visitChildren(row, [], add);
  }
  const used = new Set<string>();
  return [...places.values()]
    .filter(({ count }) => count >= rows.length * MIN_SHARE)
    .slice(0, MAX_FIELDS)
    .map(({ names, selector, attribute }) => {
      const values = rows.flatMap((row) => {
        const [found] = select(page, selector, row);
        const value =
          found === undefined ? '' : attribute === null ? getText(found) : found.attribs[attribute];
        return value?.trim() ? [value.replaceAll(/\s+/g, ' ').trim()] : [];
      });
      const type = guessType(values);
      const sample = Array.from(values[0] ?? '')
        .slice(0, SAMPLE_CHARACTERS)
        .join('');
      const name = toUniqueName(names, used);
      return { name, selector, attribute, ...(type !== undefined && { type }), sample };
    });
}

const MAX_DEPTH = 3;

function visitChildren(
  element: PageElement,
  above: readonly PageElement[],
  add: (names: string[], selector: string, attribute: string | null) => void,
): void {
  for (const child of element.children) {
    if (!isElement(child)) continue;
    const way = [...above, child];
    const names = way.map(({ name }) => name.replace(/^.*:/, ''));
    const selector = createFieldSelector(way);
    if (child.children.some(isElement)) {
      if (way.length < MAX_DEPTH) visitChildren(child, way, add);
    } else if (getText(child).trim() !== '') add(names, selector, null);
    for (const name of listAttributes(child))
      if (!isSelf(child, name))
        add(/^(?:href|url|src)$/.test(name) ? names : [...names, name], selector, name);
  }
}

/** Only children of the row: a `title` further down is another's. The links of Atom differ by `rel`. */
function createFieldSelector(way: readonly PageElement[]): string {
  const last = way.at(-1) as PageElement;
  const path = way.map(({ name }) => toSelector(name)).join(' > ');
  const own = way.length === 1 ? path : `:scope > ${path}`;
  if (last.name !== 'link' || last.attribs['href'] === undefined) return own;
  const { rel = 'alternate' } = last.attribs;
  if (rel === 'alternate') return 'link:not([rel]), link[rel=alternate]';
  return /^[\w-]+$/.test(rel) ? `link[rel=${rel}]` : own;
}

/** What only says how an element is to be read. */
function isSelf({ name, attribs }: PageElement, attribute: string): boolean {
  if (name === 'link' && attribs['href'] !== undefined) return attribute !== 'href';
  return /^(?:type|rel|isPermaLink|domain|scheme|length)$/.test(attribute);
}

function listAttributes({ attribs }: PageElement): string[] {
  return Object.keys(attribs).filter(
    (name) => !/^xml(?:ns)?(?::|$)/.test(name) && /^[\w-]+$/.test(name) && attribs[name]?.trim() !== '',
  );
}

/** `author.name` is the author; a second one of a name gets that of its parent, too. */
function toUniqueName(names: readonly string[], used: Set<string>): string {
  const last = names.at(-1) ?? 'value';
  const short = names.length > 1 && /^(?:name|value|term)$/.test(last) ? (names.at(-2) ?? last) : last;
  let name = used.has(short) ? names.join('_') : short;
  for (let number = 2; used.has(name); number += 1) name = `${short}_${number}`;
  used.add(name);
  return name;
}
