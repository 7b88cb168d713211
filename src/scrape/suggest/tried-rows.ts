import { LRUCache } from 'lru-cache';
import { FOLLOW_LINK, getPaginationSelector, getSelectors } from '../config/config-fields.ts';
import type { FieldSelector } from '../config/field.ts';
import { extractRows } from '../extract/extract-rows.ts';
import { ExtractionContext } from '../extract/extraction-context.ts';
import { isEmpty } from '../extract/field-text.ts';
import { createFieldReader } from '../extract/field-value.ts';
import { findRequired } from '../extract/find-matches.ts';
import { type Extraction, listSelectors, type RowRules, toLinkUrl } from '../extract/make-rows.ts';
import { preferOutsideNoscript } from '../extract/parse-html.ts';
import { findInItems, RootFinder } from '../extract/row-roots.ts';
import { isTextMatch, type Match } from '../extract/select.ts';
import type { Item, JsonValue, Page, PageElement } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { ParseResult } from '../parsers/parse-result.ts';
import { isDataSelector } from '../selectors/data-selector.ts';

/**
 * The rows of a page by some rules: those that `extractRows` gives, but a value is read when it is first asked for. A
 * large page has thousands of rows, and what is compared are counts, and the values of one field.
 */
export interface TriedRows {
  readonly found: Pick<Extraction['found'], 'item' | 'pagination'>;
  /** Number of elements matched, by selector. */
  readonly matches: Readonly<Record<string, number>>;
  /** Number of rows in which a field has a value. */
  readonly count: number;
  /** Whether the rules follow a link of each row. */
  readonly hasLinks: boolean;
  /** Returns the first rows. */
  take(max: number): Item[];
  /** Returns the values of a field in all rows; of {@link FOLLOW_LINK}, the addresses. */
  valuesOf(name: string): JsonValue[];
  /** Whether a field has a value in any row. */
  hasValue(name: string): boolean;
}

/** Rows that were read at once: those of data, of a table, and of a page without `item`. */
class ReadRows implements TriedRows {
  readonly found;
  readonly matches;
  readonly hasLinks;
  readonly #rows: readonly Item[];
  readonly #links: readonly JsonValue[];

  constructor({ rows, links, found, matches }: Extraction) {
    this.found = found;
    this.matches = matches;
    this.hasLinks = links !== undefined;
    this.#rows = rows;
    this.#links = links ?? [];
  }

  get count(): number {
    return this.#rows.length;
  }

  take(max: number): Item[] {
    return this.#rows.slice(0, max);
  }

  valuesOf(name: string): JsonValue[] {
    return name === FOLLOW_LINK ? [...this.#links] : this.#rows.map((row) => row[name] ?? null);
  }

  hasValue(name: string): boolean {
    return this.#rows.some((row) => !isEmpty(row[name] ?? null));
  }
}

/** The elements that are rows, and what is known of their fields. */
interface ItemColumns {
  items: readonly PageElement[];
  finder: RootFinder;
  columns: LRUCache<string, Column>;
}

/** One field of all items. */
interface Column {
  matches: Readonly<Record<string, number>>;
  read(at: number): JsonValue;
}

/** The texts of which values are remembered: a page and the one before it have most of them in common. */
const MAX_PARSED = 20_000;
const PARSED = new LRUCache<string, ParseResult<JsonValue>>({ max: MAX_PARSED });

/** The columns of one `item` that are remembered. */
const MAX_COLUMNS = 100;

/** Rows of elements: each field is a column, which other rules with the same field share. */
class ColumnRows implements TriedRows {
  readonly found: TriedRows['found'];
  readonly matches: Readonly<Record<string, number>>;
  readonly hasLinks: boolean;
  readonly #items: readonly PageElement[];
  readonly #fields = new Map<string, Column>();
  readonly #links: Column | undefined;
  #kept: number[] | undefined;

  constructor(page: Page, rules: RowRules, { items, finder, columns }: ItemColumns) {
    const { data_cleaning, locale, follow, selectors, pagination } = rules;
    this.#items = items;
    const open = (name: string, selector: string, field: FieldSelector | undefined) => {
      const key = JSON.stringify([name, selector, field, data_cleaning, locale]);
      let column = columns.get(key);
      if (column === undefined) {
        column = createColumn(
          new ExtractionContext(page, rules, PARSED),
          { name, selector, field },
          items,
          finder,
        );
        columns.set(key, column);
      }
      return column;
    };
    const matches: Record<string, number> = {};
    for (const { name, level } of getSelectors(rules)) if (level === 0) matches[name] = 0;
    let links: Column | undefined;
    for (const [name, selector] of listSelectors(rules)) {
      const isLink = name === FOLLOW_LINK && follow !== undefined;
      const column = open(name, selector, isLink ? undefined : selectors[name]);
      if (isLink) links = column;
      else this.#fields.set(name, column);
      Object.assign(matches, column.matches);
    }
    this.#links = links;
    this.hasLinks = follow !== undefined;
    this.matches = matches;
    const next = pagination && getPaginationSelector(pagination);
    this.found = {
      item: items.length,
      ...(next !== undefined && { pagination: findRequired(page, next, 'pagination').length }),
    };
  }

  get count(): number {
    return this.#listKept().length;
  }

  take(max: number): Item[] {
    const first = this.#kept?.slice(0, max) ?? this.#listKept(max);
    return first.map((at) =>
      Object.fromEntries([...this.#fields].map(([name, column]) => [name, column.read(at)])),
    );
  }

  valuesOf(name: string): JsonValue[] {
    const column = name === FOLLOW_LINK ? this.#links : this.#fields.get(name);
    if (column === undefined) return name === FOLLOW_LINK ? [] : this.#listKept().map(() => null);
    return this.#listKept().map((at) => column.read(at));
  }

  hasValue(name: string): boolean {
    const column = this.#fields.get(name);
    return column !== undefined && this.#items.some((_, at) => !isEmpty(column.read(at)));
  }

  /** The items in which a field has a value. */
  #listKept(max = Number.POSITIVE_INFINITY): number[] {
    if (this.#kept !== undefined) return this.#kept;
    const columns = [...this.#fields.values()];
    const kept: number[] = [];
    for (let at = 0; at < this.#items.length && kept.length < max; at += 1)
      if (columns.some((column) => !isEmpty(column.read(at)))) kept.push(at);
    if (max === Number.POSITIVE_INFINITY) this.#kept = kept;
    return kept;
  }
}

function createColumn(
  context: ExtractionContext,
  { name, selector, field }: { name: string; selector: string; field: FieldSelector | undefined },
  items: readonly PageElement[],
  finder: RootFinder,
): Column {
  const ofPage = isDataSelector(selector) ? context.find(name, selector) : undefined;
  const byItem = ofPage === undefined ? findInItems(context, name, selector, items, finder) : undefined;
  const listMatches = (at: number): readonly Match[] => {
    if (ofPage !== undefined) return ofPage;
    const found = byItem?.get(items[at] as PageElement);
    return found === undefined ? [] : preferOutsideNoscript(context.page, found);
  };
  let total = 0;
  for (const at of items.keys()) total += listMatches(at).length;
  context.count(name, total);
  const readField = field && createFieldReader(context, name, field);
  const read = (at: number) => {
    const found = listMatches(at);
    return readField === undefined ? toLinkUrl(context, name, found[0], selector) : readField(found);
  };
  const cells: (JsonValue | undefined)[] = new Array(items.length);
  // Their matches are counted, and their errors known, when they are read.
  const isReadAtOnce = field?.children !== undefined || field?.html === true;
  if (isReadAtOnce) for (const at of items.keys()) cells[at] = read(at);
  return {
    matches: context.matches,
    read(at) {
      let value = cells[at];
      if (value === undefined) {
        value = readOrNull(() => read(at));
        cells[at] = value;
      }
      return value;
    },
  };
}

function readOrNull(read: () => JsonValue): JsonValue {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScrapeError) return null;
    throw error;
  }
}

/** Tries rules on one page, one after the other. Make one for each page: it remembers what they share. */
export class RowTrials {
  readonly #page: Page;
  readonly #byItem = new LRUCache<string, ItemColumns>({ max: MAX_ITEMS });

  constructor(page: Page) {
    this.#page = page;
  }

  /** @throws ScrapeError as `extractRows` */
  extract(rules: RowRules): TriedRows {
    const { item, table } = rules;
    if (item === undefined || table !== undefined || isDataSelector(item))
      return new ReadRows(extractRows(this.#page, rules));
    return new ColumnRows(this.#page, rules, this.#listItems(item));
  }

  #listItems(item: string): ItemColumns {
    let known = this.#byItem.get(item);
    if (known === undefined) {
      const all = findRequired(this.#page, item, 'item');
      const items = preferOutsideNoscript(
        this.#page,
        all.filter((found): found is PageElement => !isTextMatch(found)),
      );
      known = { items, finder: new RootFinder(items), columns: new LRUCache({ max: MAX_COLUMNS }) };
      this.#byItem.set(item, known);
    }
    return known;
  }
}

/** The selectors of rows that are remembered. */
const MAX_ITEMS = 12;
