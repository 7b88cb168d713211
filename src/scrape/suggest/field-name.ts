import { getText } from '../extract/element-text.ts';
import { isElement, isWithin } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';
import { parseDate } from '../parsers/parse-date.ts';
import { parseNumber, parsePrice } from '../parsers/parse-number.ts';
import {
  getAncestors,
  getChildNumber,
  getCommonClasses,
  getDescendants,
  getOwnText,
  getPathWithin,
  isDescriptive,
} from './dom-helpers.ts';
import type { FieldLocation } from './field-locations.ts';

/** What a field's texts may be proposed as. */
export type GuessedType = 'date' | 'number' | 'price';

/** One text may be anything. */
const MIN_TEXTS = 3;
/** A number, and at most a word and a sign around it: `from £5.00 *`. */
const AMOUNT_ALONE = /^\D{0,8}\d[\d.,'’\s]*\D{0,8}$/u;
/** A number and nothing else. Digits behind a zero, and many of them, are a code: a postcode, an ISBN, a telephone number. */
const NUMBER_ALONE = /^[-+]?(?!0\d)\d[\d.,'’\s]*(?<=\d)\s?%?$/u;
const MAX_DIGITS = 9;
const MAX_DATE_CHARACTERS = 40;

/**
 * What all of a field's texts can be read as, without a locale and without a doubt; `undefined` when one of them cannot, or
 * when it would be a guess.
 */
export function guessType(texts: readonly string[]): GuessedType | undefined {
  const nonEmpty = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (nonEmpty.length < MIN_TEXTS) return undefined;
  if (nonEmpty.every(isDate)) return 'date';
  if (nonEmpty.every(isPrice)) return 'price';
  return nonEmpty.every(isNumber) ? 'number' : undefined;
}

function isDate(text: string): boolean {
  // Digits alone are seconds since 1970 only to who knows it.
  return text.length <= MAX_DATE_CHARACTERS && /[^\d]/.test(text) && 'value' in parseDate(text, undefined);
}

function isPrice(text: string): boolean {
  const reading = parsePrice(text, undefined);
  return AMOUNT_ALONE.test(text) && 'value' in reading && reading.value.currency !== null;
}

function isNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length;
  return digits <= MAX_DIGITS && NUMBER_ALONE.test(text) && 'value' in parseNumber(text, undefined);
}

const MONEY =
  /(?:[$€£¥₹₽]|\b(?:EUR|USD|GBP|CHF|JPY)\b)\s?\d|\d[\d.,\s]*(?:[$€£¥₹₽]|\b(?:EUR|USD|GBP|CHF|JPY)\b)/;
const KNOWN_NAMES: readonly (readonly [RegExp, string])[] = [
  [/price|cost\b|amount/i, 'price'],
  [/rating|stars?\b/i, 'rating'],
  [/avail|stock/i, 'availability'],
  [/author|byline|posted[-_]?by|username|poster|creator/i, 'author'],
  [/title|headline|heading/i, 'title'],
  [/date|time\b|published|posted|timestamp/i, 'date'],
  [/desc|summary|excerpt|teaser|snippet|abstract|intro\b/i, 'description'],
  [/categor/i, 'category'],
  [/comment/i, 'comments'],
  [/repl(?:y|ies)/i, 'replies'],
  [/views?\b/i, 'views'],
  [/location|address|city|place\b/i, 'location'],
  [/brand|manufacturer/i, 'brand'],
  [/tags?\b/i, 'tags'],
];

/** What the classes of some elements say that they are, of what many pages have; undefined when they do not. */
export function findKnownName(elements: readonly PageElement[]): string | undefined {
  const classes = getCommonClasses(elements).join(' ');
  return KNOWN_NAMES.find(([pattern]) => pattern.test(classes))?.[1];
}

/** A name for what rows have at a place: by what the page calls it, what it looks like, or what it is. */
export function chooseFieldName(
  location: FieldLocation,
  rows: readonly PageElement[],
  type: GuessedType | undefined,
): string {
  const elements = [...location.elements.values()];
  const [element] = elements;
  if (element === undefined || location.attribute === 'href') return 'link';
  if (location.attribute === 'src') return 'image';
  if (location.attribute === 'datetime') return 'date';
  const property = getProperty(element, rows);
  if (property !== '') return property;
  const column = findColumnTitle(element, rows);
  if (column !== '') return column;
  if (elements.every((each) => MONEY.test(getOwnText(each)))) return 'price';
  return findKnownName(elements) ?? findNameAround(location, rows) ?? type ?? getTagName(element);
}

/** What microdata calls it, or what it stands in. */
function getProperty(element: PageElement, rows: readonly PageElement[]): string {
  for (const each of [element, ...getAncestors(element).slice(0, 2)]) {
    if (rows.includes(each)) return '';
    const name = toPlainName(each.attribs['itemprop'] ?? '');
    if (name !== '') return each.attribs['itemscope'] === undefined || each === element ? name : '';
  }
  return '';
}

/** By a class of its own, a label before it, or a class of what it stands in. */
function findNameAround({ elements }: FieldLocation, rows: readonly PageElement[]): string | undefined {
  const found = [...elements.values()];
  const label = findLabelBefore(found);
  if (label !== '') return label;
  if (found.some((each) => isHeading(each))) return 'title';
  let inner = found;
  for (let up = 0; up < 3 && inner.every((each) => !rows.includes(each)); up += 1) {
    const known = findKnownName(inner);
    if (known !== undefined) return known;
    const own = getCommonClasses(inner)
      .filter(isDescriptive)
      .map(toPlainName)
      .find((name) => name !== '');
    if (own !== undefined) return own;
    if (inner.some(isHeading)) return 'title';
    inner = inner.flatMap((each) => getAncestors(each).slice(0, 1));
  }
  return undefined;
}

export function isHeading({ name }: PageElement): boolean {
  return /^h[1-6]$/.test(name);
}

function getTagName({ name, attribs }: PageElement): string {
  if (name === 'time') return 'date';
  if (name === 'p' || name === 'blockquote') return 'description';
  if (name === 'a' && attribs['rel'] === 'author') return 'author';
  return 'text';
}

/** `Book-Author` is `book_author`, `Цена, руб.` is `цена_руб`. */
function toPlainName(text: string): string {
  return text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 30)
    .replace(/_+$/, '');
}

/** A label is short. */
const MAX_LABEL = 25;

/** What stands before each of some elements and says the same in all rows: `Replies:`, a `dt`. */
function findLabelBefore(elements: readonly PageElement[]): string {
  const labels = elements.map((element) => {
    let before = element.prev;
    while (before !== null && !isElement(before) && (before.type !== 'text' || before.data.trim() === ''))
      before = before.prev;
    if (before === null) return '';
    return (isElement(before) ? getText(before) : before.type === 'text' ? before.data : '').trim();
  });
  const [first = ''] = labels;
  const isLabel = first.length <= MAX_LABEL && labels.length > 2 && labels.every((label) => label === first);
  const isStated = /:$/.test(first) || (elements[0]?.name === 'dd' && first !== '');
  return isLabel && isStated ? toPlainName(first) : '';
}

/** What stands over a cell of a table, or over the cell that an element stands in; empty when nothing does. */
function findColumnTitle(element: PageElement, rows: readonly PageElement[]): string {
  const row = rows.find((each) => isWithin(element, each));
  const cell = row && getPathWithin(element, row).find(({ name }) => name === 'td');
  const table = cell === undefined ? undefined : getAncestors(cell).find(({ name }) => name === 'table');
  if (cell === undefined || table === undefined) return '';
  const number = getChildNumber(cell);
  for (const head of getDescendants(table))
    if (head.name === 'th' && getChildNumber(head) === number) return toPlainName(getText(head));
  return '';
}
