import { isElement } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';
import { getChildNumber, getClasses, getOwnText } from './dom-helpers.ts';
import { findLabelBefore, findLabelWithin, NAMING_ATTRIBUTES } from './field-label.ts';
import type { Tails } from './find-groups.ts';

/** A location that rows share, with the element at that location in each row. */
export interface FieldLocation {
  /** The attribute to take, or null for the text. */
  attribute: string | null;
  elements: Map<PageElement, PageElement>;
}

/** The minimum share of rows that must have a location. */
export const MIN_SHARE = 0.6;

const CELL_TAGS: readonly string[] = ['td', 'th'];
const IGNORED_TAGS: readonly string[] = [
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'select',
  'option',
];

/**
 * Returns the locations of texts, links and images that most rows have, in the order of their first row.
 * @param marksOf what tells elements of one tag apart
 */
export function findFieldLocations(
  rows: readonly PageElement[],
  tails: Tails = new Map(),
  marksOf = getMarks,
): FieldLocation[] {
  const kinds = { marksOf, names: findFrequentMarks(rows, tails, marksOf) };
  const locations = new Map<string, FieldLocation>();
  for (const row of rows) {
    // A stack instead of recursion: pages can be nested deeper than the call stack allows.
    const left: { element: PageElement; path: string }[] = [{ element: row, path: '' }];
    for (const each of tails.get(row) ?? [])
      left.unshift({ element: each, path: `~ ${getKind(each, kinds)}` });
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { element, path } = next;
      for (const attribute of getAttributesToTake(element)) {
        const key = `${path} ${attribute}`;
        const location = locations.get(key) ?? { attribute, elements: new Map() };
        locations.set(key, location);
        // A field takes the first of several elements in a row.
        if (!location.elements.has(row)) location.elements.set(row, element);
      }
      for (let child = element.lastChild; child !== null; child = child.prev)
        if (isElement(child) && !IGNORED_TAGS.includes(child.name))
          left.push({ element: child, path: `${path} > ${getKind(child, kinds)}` });
    }
  }
  return [...locations.values()].filter(({ elements }) => elements.size >= rows.length * MIN_SHARE);
}

/**
 * Returns the marks of elements that most rows contain: classes, attributes that name, and labels. Other classes, such as
 * `cheap` and `rated-4`, describe a single row.
 */
function findFrequentMarks(rows: readonly PageElement[], tails: Tails, marksOf: MarksOf): Set<string> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const found = new Set<string>();
    const left: PageElement[] = [row, ...(tails.get(row) ?? [])];
    for (let element = left.pop(); element !== undefined; element = left.pop()) {
      for (const name of marksOf(element)) found.add(name);
      for (const child of element.children)
        if (isElement(child) && !IGNORED_TAGS.includes(child.name)) left.push(child);
    }
    for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= rows.length * MIN_SHARE).map(([name]) => name));
}

type MarksOf = (element: PageElement) => string[];

/** What an element is called: its classes, attributes that name it, and its label. */
function getMarks(element: PageElement): string[] {
  const { attribs } = element;
  const named = NAMING_ATTRIBUTES.flatMap((name) => (attribs[name] ? [`${name}=${attribs[name]}`] : []));
  const label = findLabelBefore(element) || findLabelWithin(element);
  return [...getClasses(element), ...named, ...(label === '' ? [] : [`${label}:`])];
}

/**
 * Identifies an element within its parent: cells of a table by their number, other elements by tag and marks. The cell
 * beside a label is that of the label.
 */
function getKind(
  element: PageElement,
  { names, marksOf }: { names: ReadonlySet<string>; marksOf: MarksOf },
): string {
  const marks = marksOf(element).filter((name) => names.has(name));
  if (CELL_TAGS.includes(element.name) && !marks.some((mark) => mark.endsWith(':')))
    return `${element.name}:${getChildNumber(element)}`;
  return [element.name, ...marks.sort()].join('.');
}

/** Returns what an element itself provides: its text (`null`) or an attribute with an address or a date. */
function getAttributesToTake(element: PageElement): (string | null)[] {
  const { name, attribs } = element;
  const taken: (string | null)[] = [];
  if (name === 'time' && attribs['datetime']) return ['datetime'];
  if (getOwnText(element) !== '') taken.push(null);
  if (name === 'a' && attribs['href']) taken.push('href');
  if (name === 'img' && attribs['src']) taken.push('src');
  return taken;
}

/** Returns an element's value at such a location. */
export function readAt({ attribute }: Pick<FieldLocation, 'attribute'>, element: PageElement): string {
  return attribute === null ? getOwnText(element) : (element.attribs[attribute] ?? '');
}

/** Whether a location is a label: the same words in each row, in a link, button, label or heading cell. */
export function isLabel({ attribute, elements }: FieldLocation): boolean {
  const values = [...elements.values()];
  const isPressed = values.every(({ name }) => ['a', 'button', 'label', 'th', 'dt'].includes(name));
  if (values.some((element) => isElement(element.parent) && /^h[1-6]$/.test(element.parent.name)))
    return false;
  const texts = new Set(values.map((element) => readAt({ attribute }, element)));
  return isPressed && values.length > 2 && texts.size === 1;
}
