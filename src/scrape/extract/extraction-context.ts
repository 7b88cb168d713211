import type { ScrapeConfig } from '../config/config-schema.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getLocaleFacts, type LocaleFacts } from '../parsers/locale-facts.ts';
import { findAll, getElement, type Match, XPathFailure } from './select.ts';

/** Values of one field that could not be read, for one reason. */
export interface Unparsed {
  field: string;
  /** What fits behind the sample: `is no date`. */
  reason: string;
  count: number;
  /** The first of them, cut. */
  sample: string;
}

const MAX_SAMPLE_CHARACTERS = 80;

/** Counts values that could not be read as the configuration says. */
export class UnparsedValues {
  readonly #counts = new Map<string, Unparsed>();

  add(field: string, reason: string, text: string, count = 1): void {
    const key = `${field}\n${reason}`;
    const before = this.#counts.get(key);
    if (before !== undefined) before.count += count;
    else this.#counts.set(key, { field, reason, count, sample: truncate(text) });
  }

  list(): Unparsed[] {
    return [...this.#counts.values()];
  }
}

/** `price: 3 values are null, such as "ask us", which is no number` */
export function describeUnparsed({ field, reason, count, sample }: Unparsed): string {
  return count === 1
    ? `${field}: "${sample}" ${reason}, so the value is null`
    : `${field}: ${count} values are null, such as "${sample}", which ${reason}`;
}

/** On one line, and without half a character at its end. */
function truncate(text: string): string {
  const line = text
    .slice(0, 4 * MAX_SAMPLE_CHARACTERS)
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (line.length <= MAX_SAMPLE_CHARACTERS) return line;
  return `${line.slice(0, MAX_SAMPLE_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

export type ExtractionRules = Pick<ScrapeConfig, 'data_cleaning' | 'locale'>;

/** One page while values are taken from it: what they are read by, and what is counted on the way. */
export class ExtractionContext {
  readonly page: Page;
  readonly cleaning: ScrapeConfig['data_cleaning'];
  readonly unread = new UnparsedValues();
  /** How many elements of the page each selector matched, by its name. */
  readonly matches: Record<string, number> = {};
  /** How many elements each selector matched outside of the items, where there are any. */
  readonly outside: Record<string, number> = {};
  readonly #locale: string | undefined;

  constructor(page: Page, rules: ExtractionRules) {
    this.page = page;
    this.cleaning = rules.data_cleaning;
    this.#locale = rules.locale;
  }

  /** What says how figures are meant: that of a field, or else of the configuration. */
  getLocale(own: string | undefined): LocaleFacts | undefined {
    const tag = own ?? this.#locale;
    return tag === undefined ? undefined : getLocaleFacts(tag);
  }

  count(name: string, found: number): void {
    this.matches[name] = (this.matches[name] ?? 0) + found;
  }

  countOutside(name: string): void {
    this.outside[name] = (this.outside[name] ?? 0) + 1;
  }

  /** What a selector finds; one that cannot be computed here finds nothing, which is counted as a value that was not read. */
  find(name: string, selector: string, within?: PageElement): Match[] {
    try {
      return findAll(this.page, selector, within);
    } catch (error) {
      if (!(error instanceof XPathFailure)) throw error;
      this.unread.add(name, `cannot be computed here: ${withoutRowText(error.message)}`, selector);
      return [];
    }
  }

  /** What a selector finds on the page; undefined when that has no place there: computed values, or none that can be. */
  findElements(selector: string): Match[] | undefined {
    try {
      const found = findAll(this.page, selector);
      return found.every((one) => getElement(one) !== null) ? found : undefined;
    } catch (error) {
      if (error instanceof XPathFailure) return undefined;
      throw error;
    }
  }
}

/** The same for each row, so that all of them are counted as one: the engine names the text of the row. */
function withoutRowText(message: string): string {
  return message.replace(/(?<=Cannot cast ).*?(?= to xs:|$)/, 'a text');
}
