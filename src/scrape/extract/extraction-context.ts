import type { ScrapeConfig } from '../config/config-schema.ts';
import { increase } from '../lib/counts.ts';
import type { JsonValue, Page, PageElement } from '../lib/page.ts';
import { getLocaleFacts, type LocaleFacts } from '../parsers/locale-facts.ts';
import type { ParseResult } from '../parsers/parse-result.ts';
import { AbsentValues } from './absent-values.ts';
import { findMatches } from './find-matches.ts';
import { getElement, type Match, SelectorFailure } from './select.ts';

/** Values of one field that could not be parsed, for one reason. */
export interface Unparsed {
  field: string;
  /** Completes a sentence that begins with the sample: `is not a date`. */
  reason: string;
  count: number;
  /** The first of them, truncated. */
  sample: string;
}

const MAX_SAMPLE_CHARACTERS = 80;

/** Counts values that could not be parsed as the configuration requires. */
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

/** Formats a count: `price: 3 values are null, such as "ask us", which is not a number` */
export function describeUnparsed({ field, reason, count, sample }: Unparsed): string {
  return count === 1
    ? `${field}: "${sample}" ${reason}, so the value is null`
    : `${field}: ${count} values are null, such as "${sample}", which ${reason}`;
}

/** Puts a text on one line, and does not split a character at its end. */
function truncate(text: string): string {
  const line = text
    .slice(0, 4 * MAX_SAMPLE_CHARACTERS)
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (line.length <= MAX_SAMPLE_CHARACTERS) return line;
  return `${line.slice(0, MAX_SAMPLE_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

export type ExtractionRules = Pick<ScrapeConfig, 'data_cleaning' | 'locale'>;

/** Remembers what texts were parsed as. */
interface ParsedTexts {
  get(text: string): ParseResult<JsonValue> | undefined;
  set(text: string, result: ParseResult<JsonValue>): unknown;
}

/** The state of extracting from one page: the rules, and the counts collected so far. */
export class ExtractionContext {
  readonly page: Page;
  readonly cleaning: ScrapeConfig['data_cleaning'];
  readonly unread = new UnparsedValues();
  readonly absent = new AbsentValues();
  /** Number of elements matched on the page, by the selector's name. */
  readonly matches: Record<string, number> = {};
  /** Number of elements matched outside the items, by the selector's name. */
  readonly outside: Record<string, number> = {};
  /** Values by their text, where many rules are tried on pages with the same texts. */
  readonly parsed: ParsedTexts | undefined;
  readonly #locale: string | undefined;

  constructor(page: Page, rules: ExtractionRules, parsed?: ParsedTexts) {
    this.page = page;
    this.parsed = parsed;
    this.cleaning = rules.data_cleaning;
    this.#locale = rules.locale;
  }

  /** Returns the locale of a field, or else of the configuration. */
  getLocale(own: string | undefined): LocaleFacts | undefined {
    const tag = own ?? this.#locale;
    return tag === undefined ? undefined : getLocaleFacts(tag);
  }

  count(name: string, found: number): void {
    increase(this.matches, name, found);
  }

  countOutside(name: string): void {
    increase(this.outside, name);
  }

  /** Returns a selector's matches. If it cannot be computed here: none, and it counts as an unparsed value. */
  find(name: string, selector: string, within?: PageElement): Match[] {
    try {
      return findMatches(this.page, selector, within);
    } catch (error) {
      if (!(error instanceof SelectorFailure)) throw error;
      this.unread.add(name, `cannot be computed here: ${withoutRowText(error.message)}`, selector);
      return [];
    }
  }

  /** Returns matches on the page; undefined if one has no position (a computed value), or if evaluation fails. */
  findElements(selector: string): Match[] | undefined {
    try {
      const found = findMatches(this.page, selector);
      return found.every((one) => getElement(one) !== null) ? found : undefined;
    } catch (error) {
      if (error instanceof SelectorFailure) return undefined;
      throw error;
    }
  }
}

/** Removes the row's text, which the engine quotes, so that equal errors of all rows are counted as one. */
function withoutRowText(message: string): string {
  return message.replace(/(?<=Cannot cast ).*?(?= to xs:|$)/, 'a text');
}
