import { isPrice } from '../../core/lib/price.ts';
import { FOLLOW_LINK } from '../config/config-fields.ts';
import type { FieldSelector } from '../config/field.ts';
import { isEmpty } from '../extract/field-text.ts';
import type { Item, JsonValue, Page } from '../lib/page.ts';
import type { ChangedSelector } from './compare-pages.ts';
import type { Example } from './find-examples.ts';
import { getPageText } from './page-signs.ts';
import { type ExtractionRules, tryExtractRows } from './per-page.ts';

/** Earlier rows that are tried as examples. */
const MAX_TRIED_ROWS = 3;
const MAX_ROWS = 200;
/** Fields beside the broken ones that help to find the row. */
const MAX_EXAMPLES = 12;
const MAX_VALUE_CHARACTERS = 2_000;

/** What fields held on an earlier page. */
export interface EarlierValues {
  /** The rows to try as examples: those with most values that are still on the later page first. */
  examples: Example[][];
  /** The share of rows in which a field had a value. */
  shareOf(name: string): number;
  /** The values of a field, as JSON. */
  valuesOf(name: string): readonly string[];
}

/**
 * Reads the values of an earlier page, and chooses rows of them as examples. A typed value is looked for by the text
 * that it was read from. Pure.
 * @param changed the selectors that match less on the later page
 */
export function readEarlierValues(
  before: Page,
  now: Page,
  rules: ExtractionRules,
  changed: readonly ChangedSelector[],
): EarlierValues | undefined {
  const typed = tryExtractRows(before, rules);
  if (typed === undefined) return undefined;
  const links = typed.hasLinks ? typed.valuesOf(FOLLOW_LINK) : [];
  const rows = typed.take(MAX_ROWS).map((row, at): Item => {
    const link = links[at];
    return link ? { ...row, [FOLLOW_LINK]: link } : row;
  });
  const plain = tryExtractRows(before, toPlainRules(rules));
  // A row of which nothing can be read is dropped: then it is not known which text belongs to which row.
  const texts = plain?.count === typed.count ? plain.take(MAX_ROWS) : [];
  const total = typed.found.item ?? typed.count;
  return {
    examples: chooseExamples(rows, texts, now, rules, changed),
    ...countValues((name) => typed.valuesOf(name), total),
  };
}

/**
 * The same for rows that a run wrote, when it kept no page. Only the fields of the page of rows count.
 * @param changed as in {@link readEarlierValues}
 */
export function readWrittenValues(
  rows: readonly Item[],
  now: Page,
  rules: ExtractionRules,
  changed: readonly Pick<ChangedSelector, 'field'>[],
): EarlierValues {
  const own = rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => Object.hasOwn(rules.selectors, name))),
  );
  return {
    examples: chooseExamples(own, [], now, rules, changed),
    ...countValues((name) => own.map(({ [name]: value = null }) => value), rows.length),
  };
}

/** Only few fields are asked for, and a large page has thousands of values of each. */
function countValues(
  read: (name: string) => readonly JsonValue[],
  total: number,
): Pick<EarlierValues, 'shareOf' | 'valuesOf'> {
  const known = new Map<string, readonly string[]>();
  const valuesOf = (name: string) => {
    let values = known.get(name);
    if (values === undefined) {
      values = read(name).flatMap((value) => (isEmpty(value) ? [] : [JSON.stringify(value)]));
      known.set(name, values);
    }
    return values;
  };
  return { valuesOf, shareOf: (name) => valuesOf(name).length / Math.max(1, total) };
}

/** Rules that take what the page says: no type, pattern or conversion is applied. */
function toPlainRules(rules: ExtractionRules): ExtractionRules {
  const selectors = Object.entries(rules.selectors).map(([name, field]) => [name, toPlainField(field)]);
  return {
    ...rules,
    selectors: Object.fromEntries(selectors),
    data_cleaning: { ...rules.data_cleaning, convert_numbers: false, convert_dates: false },
  };
}

function toPlainField({ selector, multiple, attribute, absolute }: FieldSelector): FieldSelector {
  return {
    selector,
    html: false,
    multiple,
    ...(attribute !== undefined && { attribute }),
    ...(absolute !== undefined && { absolute }),
  };
}

/** The rules for one detail page, as they take what it says. */
export function toPlainDetail(
  field: FieldSelector,
  rules: ExtractionRules,
): { field: FieldSelector; rules: ExtractionRules } {
  return { field: toPlainField(field), rules: toPlainRules(rules) };
}

/** Chooses earlier rows whose values are still on the page: those with most of them first. */
function chooseExamples(
  rows: readonly Item[],
  texts: readonly Item[],
  now: Page,
  rules: ExtractionRules,
  changed: readonly Pick<ChangedSelector, 'field'>[],
): Example[][] {
  const isOnPage = createTextSearch(now);
  const wanted = new Set(changed.map(({ field }) => field));
  const all = wanted.has('item');
  const seen = new Map<string, number>();
  const listed = rows.slice(0, MAX_ROWS).map((row, at) => {
    const examples = Object.entries(row).flatMap(([name, value]): Example[] => {
      const field = rules.selectors[name];
      const isWanted = all || wanted.has(name);
      if (isEmpty(value) || (field?.children !== undefined && !isWanted)) return [];
      const example = chooseText(isOnPage, value, texts[at]?.[name], field);
      return example === undefined ? [] : [{ name, value: example }];
    });
    for (const { value } of examples) seen.set(value, (seen.get(value) ?? 0) + 1);
    return examples;
  });
  const score = (examples: readonly Example[]) =>
    examples.reduce((sum, { name, value }) => {
      if (!isOnPage(value)) return sum;
      // A value of every row tells rows apart less.
      return sum + (all || wanted.has(name) ? 2 : 1) / (seen.get(value) ?? 1) ** 0.5;
    }, 0);
  return listed
    .map((examples) => ({ examples: takeWantedFirst(examples, wanted), score: score(examples) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_TRIED_ROWS)
    .map(({ examples }) => examples);
}

function takeWantedFirst(examples: readonly Example[], wanted: ReadonlySet<string>): Example[] {
  return examples
    .toSorted((one, other) => Number(wanted.has(other.name)) - Number(wanted.has(one.name)))
    .slice(0, MAX_EXAMPLES);
}

/** Returns what tells whether a page has a text, in one line. Each text is searched for once. */
export function createTextSearch(page: Page): (text: string) => boolean {
  const pageText = getPageText(page);
  const known = new Map<string, boolean>();
  return (text) => {
    const line = toLine(text);
    const found = known.get(line) ?? pageText.includes(line);
    known.set(line, found);
    return found;
  };
}

/**
 * Returns the text by which to look for a value: that which it was read from; if the page has it no more, the value.
 * @returns undefined if there is no such text
 */
export function chooseText(
  isOnPage: (text: string) => boolean,
  value: JsonValue,
  plain: JsonValue | undefined,
  field: FieldSelector | undefined,
): string | undefined {
  const usable = [toText(plain ?? null), toText(value)].filter(isUsable);
  // A text in an attribute is in no text of the page.
  const [first, last] = field?.attribute === undefined ? [usable[0], usable.at(-1)] : [usable[0], usable[0]];
  const isCut = field?.regex !== undefined;
  return usable.find(isOnPage) ?? (isCut ? last : first);
}

function isUsable(text: string): boolean {
  // One letter is everywhere; one digit may be a rating.
  return text.length <= MAX_VALUE_CHARACTERS && (text.length > 1 || /[\p{N}\p{Script=Han}]/u.test(text));
}

function toLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** The text of a value, or of the first one in a list; empty for what no page writes so, such as true. */
function toText(value: JsonValue): string {
  if (Array.isArray(value)) return toText(value[0] ?? null);
  if (isPrice(value)) return String(value.amount);
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Whether values say the same: a price also without its currency. */
export function isSameValue(one: JsonValue, other: JsonValue): boolean {
  if (JSON.stringify(one) === JSON.stringify(other)) return true;
  return isPrice(one) && isPrice(other) && one.amount === other.amount;
}
