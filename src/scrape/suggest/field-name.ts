import { getAncestors, getText, isElement, isWithin } from '../extract/select.ts';
import type { PageElement } from '../lib/page.ts';
import { parseDate } from '../parsers/parse-date.ts';
import { parseNumber, parsePrice } from '../parsers/parse-number.ts';
import {
  getChildNumber,
  getCommonClasses,
  getDescendants,
  getOwnText,
  getPathWithin,
  isDescriptive,
} from './dom-helpers.ts';
import type { FieldLocation } from './field-locations.ts';

/** The types that can be suggested for a field. */
export type GuessedType = 'date' | 'number' | 'price';

/** Fewer texts are not enough to guess a type. */
const MIN_TEXTS = 3;
/** A number with at most a word and a sign around it: `from £5.00 *`. */
const AMOUNT_ALONE = /^\D{0,8}\d[\d.,'’\s]*\D{0,8}$/u;
/**
 * A number alone. Numbers with a leading zero and long numbers are codes: a postcode, an ISBN, a telephone number.
 */
const NUMBER_ALONE = /^[-+]?(?!0\d)\d[\d.,'’\s]*(?<=\d)\s?%?$/u;
const MAX_DIGITS = 9;
const MAX_DATE_CHARACTERS = 40;

/**
 * Returns the type as which all texts of a field can be parsed unambiguously without a locale; `undefined` if a text
 * cannot be parsed or the type would be a guess.
 */
export function guessType(texts: readonly string[]): GuessedType | undefined {
  const nonEmpty = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (nonEmpty.length < MIN_TEXTS) return undefined;
  if (nonEmpty.every(isDate)) return 'date';
  if (nonEmpty.every(isPrice)) return 'price';
  return nonEmpty.every(isNumber) ? 'number' : undefined;
}

function isDate(text: string): boolean {
  // Digits alone may be seconds since 1970, but nothing indicates it.
  return text.length <= MAX_DATE_CHARACTERS && /[^\d]/.test(text) && 'value' in parseDate(text, undefined);
}

function isPrice(text: string): boolean {
  if (!AMOUNT_ALONE.test(text)) return false;
  const reading = parsePrice(text, undefined);
  return 'value' in reading && reading.value.currency !== null;
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

/** Returns a usual field name if the elements' shared classes suggest one; otherwise undefined. */
export function findKnownName(elements: readonly PageElement[]): string | undefined {
  const classes = getCommonClasses(elements).join(' ');
  return KNOWN_NAMES.find(([pattern]) => pattern.test(classes))?.[1];
}

/** Chooses a field name from the page's own names, from the form of the texts, or from the tag. */
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

/** Returns the microdata name (`itemprop`) of an element or of its parents. */
function getProperty(element: PageElement, rows: readonly PageElement[]): string {
  for (const each of [element, ...getAncestors(element).slice(0, 2)]) {
    if (rows.includes(each)) return '';
    const name = toPlainName(each.attribs['itemprop'] ?? '');
    if (name !== '') return each.attribs['itemscope'] === undefined || each === element ? name : '';
  }
  return '';
}

/** Returns a name from the element's label, its classes, or the classes around it. */
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

/** Converts a text to a field name: `Book-Author` to `book_author`, `Цена, руб.` to `цена_руб`. */
function toPlainName(text: string): string {
  return text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 30)
    .replace(/_+$/, '');
}

/** Maximum length of a label. */
const MAX_LABEL = 25;

/** Returns the label before each element if it is the same in all rows: `Replies:`, a `dt`. */
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

/** Returns the heading of the table column that contains an element; empty if there is none. */
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
