import type { Price } from '../../core/lib/price.ts';
import { toAbsoluteUrl } from '../extract/read-link.ts';
import { getText } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { parseDate } from '../parsers/parse-date.ts';
import { parseNumber, parsePrice } from '../parsers/parse-number.ts';
import { foldText, type PageText } from './page-text.ts';

/** How an element holds an example. */
export type HitKind = 'text' | 'attribute' | 'address' | 'number' | 'price' | 'date' | 'part';

/** An element that holds an example. */
export interface Hit {
  element: PageElement;
  /** Its number in document order. */
  at: number;
  /** The attribute that holds it, or null for the text. */
  attribute: string | null;
  kind: HitKind;
  /** From 0 to 1: how surely this is what the example means. */
  quality: number;
}

/** An example that a client gives: what a field is called, and what it holds in one row. */
export interface Example {
  name: string;
  value: string;
}

/** A text in the navigation and in each row has more: the others are ignored. */
const MAX_HITS = 20_000;
const MAX_PARTS = 40;
const MAX_VALUE = 2_000;
const MAX_NUMBER = 30;
const MAX_DATE = 40;

/** Attributes that no example means, and no field should rely on. */
const IGNORED =
  /^(?:style|on\w+|d|viewbox|points|transform|width|height|tabindex|xmlns.*|srcset|sizes|integrity|nonce)$/i;
/** How likely an attribute is meant; others 0.8. */
const ATTRIBUTE_QUALITY: Readonly<Record<string, number>> = {
  href: 0.93,
  src: 0.93,
  content: 0.93,
  datetime: 0.93,
  value: 0.9,
  title: 0.9,
  alt: 0.6,
  class: 0.5,
  id: 0.5,
};

/** Finds the elements that hold each example: in document order, for each example. */
export function findExamples(page: Page, text: PageText, examples: readonly Example[]): Hit[][] {
  const wanted = examples.map(({ value }) => new WantedValue(page, value));
  const hits = wanted.map((one) => findTexts(text, one));
  findInAttributes(page, text, wanted, hits);
  findReadings(text, wanted, hits);
  for (const [at, one] of wanted.entries()) if (hits[at]?.length === 0) hits[at] = findParts(text, one);
  return hits.map((found) => found.toSorted((a, b) => a.at - b.at));
}

/** An example in all forms in which a page may write it. */
class WantedValue {
  readonly folded: string;
  readonly plain: string;
  readonly price: Price | undefined;
  readonly date: string | undefined;
  readonly address: string | undefined;

  constructor(page: Page, value: string) {
    this.plain = normalize(value);
    this.folded = foldText(value);
    this.price = isAmount(this.plain) ? readPrice(this.plain) : undefined;
    this.date = readDate(this.plain);
    if (/^(?:https?:\/\/|\/|\.\.?\/)\S+$|^\S+\.\w+(?:[?#]\S*)?$/.test(this.plain))
      this.address = toAddress(page, this.plain);
  }
}

/** Whether a text is a number with a sign or a currency, and no name with a number: `Post 2`. */
function isAmount(text: string): boolean {
  return (
    text.length <= MAX_NUMBER &&
    /^(?:\p{L}{0,3}\p{Sc}|[A-Z]{3})?\s?[-+]?\d[\d.,'’\s]*(?:%|\s?\p{L}{0,3}\p{Sc}|\s?[A-Z]{3})?$/u.test(text)
  );
}

function normalize(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function findTexts(text: PageText, { folded, plain }: WantedValue): Hit[] {
  if (folded === '') return [];
  return text.find(folded, MAX_HITS).flatMap(({ element, isWhole }): Hit[] => {
    if (!isWhole) return [];
    const isSame = normalize(getText(element)) === plain;
    return [
      { element, at: text.numberOf(element), attribute: null, kind: 'text', quality: isSame ? 1 : 0.95 },
    ];
  });
}

function findInAttributes(
  page: Page,
  text: PageText,
  wanted: readonly WantedValue[],
  hits: readonly Hit[][],
): void {
  const byText = new Map<string, number[]>();
  for (const [at, { folded }] of wanted.entries()) byText.set(folded, [...(byText.get(folded) ?? []), at]);
  const addresses = wanted.flatMap(({ address }, at) => (address === undefined ? [] : [{ address, at }]));
  const ends = addresses.map(({ address, at }) => ({ at, address, end: lastSegment(address) }));
  for (const [number, element] of text.elements.entries()) {
    for (const [attribute, value] of Object.entries(element.attribs)) {
      if (value === '' || value.length > MAX_VALUE || IGNORED.test(attribute)) continue;
      const add = (index: number, kind: HitKind, quality: number) => {
        const found = hits[index];
        if (found !== undefined && found.length < MAX_HITS)
          found.push({ element, at: number, attribute, kind, quality });
      };
      const same = byText.get(foldText(value)) ?? [];
      for (const index of same) add(index, 'attribute', ATTRIBUTE_QUALITY[attribute] ?? 0.8);
      if (attribute !== 'href' && attribute !== 'src' && !/^data-\w*(?:src|url|href)/.test(attribute))
        continue;
      for (const { at, address, end } of ends)
        if (!same.includes(at) && value.includes(end) && toAddress(page, value) === address)
          add(at, 'address', 0.93);
    }
  }
}

function toAddress(page: Page, value: string): string {
  return toAbsoluteUrl(page, value).replace(/\/$/, '');
}

function lastSegment(address: string): string {
  return address.split('/').at(-1) ?? '';
}

/** Finds numbers, prices and dates that the page writes in another way. */
function findReadings(text: PageText, wanted: readonly WantedValue[], hits: readonly Hit[][]): void {
  const amounts = wanted.some(({ price }) => price !== undefined);
  const dates = wanted.some(({ date }) => date !== undefined);
  if (!amounts && !dates) return;
  const figures = wanted.flatMap(({ price }) => (price === undefined ? [] : significantDigits(price.amount)));
  for (const [number, element] of text.elements.entries()) {
    for (const { attribute, value } of readableValues(text, element)) {
      const price = amounts && mayHoldAmount(value, figures) ? readPrice(value) : undefined;
      const date = dates ? readDate(value) : undefined;
      for (const [index, one] of wanted.entries()) {
        const found = hits[index];
        const kind = compareReadings(one, price, date);
        if (kind === undefined || found === undefined || found.length >= MAX_HITS) continue;
        if (found.some((hit) => hit.element === element && hit.attribute === attribute)) continue;
        // A number among words, or among other elements, may be another one.
        const isAlone = !/\p{L}{4}/u.test(value) || kind === 'date';
        const isPieced = attribute === null && element.children.some((child) => 'attribs' in child);
        found.push({
          element,
          at: number,
          attribute,
          kind,
          quality: (isAlone ? 0.85 : 0.7) - (isPieced ? 0.2 : 0),
        });
      }
    }
  }
}

/** The digits between the zeros around an amount: 1299 for 1,299.00, and also for 12.99. */
function significantDigits(amount: number): string {
  return String(amount)
    .replaceAll(/\D/g, '')
    .replaceAll(/^0+|0+$/g, '');
}

/** Digits that a number keeps, and as many as one with an exponent may have. */
const MAX_EXACT_DIGITS = 15;

/** Whether a text may hold an amount, by its digits: a large page has thousands of numbers, and to read one takes long. */
function mayHoldAmount(value: string, figures: readonly string[]): boolean {
  if (value.length > MAX_NUMBER) return false;
  const digits = value.replaceAll(/\D/g, '');
  // Digits of other scripts are digits, too.
  if (digits.length > MAX_EXACT_DIGITS || /(?!\d)\p{N}/u.test(value)) return true;
  return figures.some((one) => one.length > MAX_EXACT_DIGITS || digits.includes(one));
}

function compareReadings(
  { price, date }: WantedValue,
  otherPrice: Price | undefined,
  otherDate: string | undefined,
): HitKind | undefined {
  if (date !== undefined && otherDate !== undefined) {
    const length = Math.min(date.length, otherDate.length);
    if (date.slice(0, length) === otherDate.slice(0, length)) return 'date';
  }
  if (price === undefined || otherPrice?.amount !== price.amount) return undefined;
  const [one, other] = [price.currency, otherPrice.currency];
  if (one !== null && other !== null && one !== other) return undefined;
  return one === null ? 'number' : 'price';
}

/** Returns the short texts with a digit that an element itself has, and not only an element inside it. */
function readableValues(text: PageText, element: PageElement): { attribute: string | null; value: string }[] {
  const values: { attribute: string | null; value: string }[] = [];
  const length = text.lengthOf(element);
  if (length > 0 && length <= MAX_DATE && /\d/.test(text.textOf(element)) && !isAllInChild(text, element))
    values.push({ attribute: null, value: normalize(getText(element)) });
  for (const attribute of [
    'datetime',
    'content',
    'value',
    'data-price',
    'data-value',
    'data-date',
    'data-time',
  ]) {
    const value = element.attribs[attribute];
    if (value !== undefined && value.length <= MAX_DATE && /\d/.test(value))
      values.push({ attribute, value: normalize(value) });
  }
  return values;
}

function isAllInChild(text: PageText, element: PageElement): boolean {
  const length = text.lengthOf(element);
  return element.children.some((child) => 'attribs' in child && text.lengthOf(child) === length);
}

function readPrice(value: string): Price | undefined {
  if (!/\d/.test(value)) return undefined;
  const read = parsePrice(value, undefined);
  const number = parseNumber(value, undefined);
  if ('value' in number)
    return { amount: number.value, currency: 'value' in read ? read.value.currency : null };
  return 'value' in read ? read.value : undefined;
}

/** Digits alone are no date: they may be anything. */
function readDate(value: string): string | undefined {
  if (value.length > MAX_DATE || !/\d/.test(value) || !/[^\d.,\s]/.test(value)) return undefined;
  const read = parseDate(value, undefined);
  return 'value' in read ? read.value : undefined;
}

/** Finds an example as a part of a longer text, or of a class: the last resort. */
function findParts(text: PageText, { folded, plain }: WantedValue): Hit[] {
  if (folded.length < 2) return [];
  const inTexts = text.find(folded, MAX_PARTS).flatMap(({ element }): Hit[] => {
    const value = normalize(getText(element));
    if (value.length > MAX_VALUE || !hasPhrase(value, plain)) return [];
    const share = folded.length / Math.max(1, text.lengthOf(element));
    return [
      { element, at: text.numberOf(element), attribute: null, kind: 'part', quality: 0.4 + 0.2 * share },
    ];
  });
  return [...inTexts, ...findInLongAttributes(text, plain)];
}

function findInLongAttributes(text: PageText, plain: string): Hit[] {
  const found: Hit[] = [];
  for (const [at, element] of text.elements.entries())
    for (const [attribute, value] of Object.entries(element.attribs)) {
      if (value.length > MAX_VALUE || IGNORED.test(attribute) || !hasPhrase(value, plain)) continue;
      if (found.length < MAX_PARTS)
        found.push({
          element,
          at,
          attribute,
          kind: 'part',
          quality: 0.4 * (ATTRIBUTE_QUALITY[attribute] ?? 0.8),
        });
    }
  return found;
}

/** Whether a text holds another one, and not only inside of a word. */
function hasPhrase(text: string, part: string): boolean {
  const [inside, wanted] = [text.toLowerCase(), part.toLowerCase()];
  for (let at = inside.indexOf(wanted); at >= 0; at = inside.indexOf(wanted, at + 1)) {
    const [before, after] = [inside.charAt(at - 1), inside.charAt(at + wanted.length)];
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}
