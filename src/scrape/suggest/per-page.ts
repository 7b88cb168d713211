import { LRUCache } from 'lru-cache';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { extractRows } from '../extract/extract-rows.ts';
import type { Extraction, RowRules } from '../extract/make-rows.ts';
import { select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { getDescendants } from './dom-helpers.ts';
import { MarkIndex } from './element-marks.ts';
import { PageText } from './page-text.ts';

export type ExtractionRules = Pick<
  ScrapeConfig,
  'item' | 'selectors' | 'pagination' | 'follow' | 'data_cleaning' | 'locale' | 'sitemap'
>;

/** Extractions of a page that are remembered: of the rules as they are, and of the last ones that were tried. */
const MAX_REMEMBERED = 24;
const MAX_NAME_CHARACTERS = 60;
/** Elements of a page that are examined for names. */
const MAX_ELEMENTS = 50_000;
/** On a page with more elements, a search of the whole page takes a while. */
const MANY_ELEMENTS = 20_000;

/** What is computed of a page once: a search of a large one takes a while, and selectors are tried one after the other. */
function oncePerPage<T extends object>(make: (page: Page) => T): (page: Page) => T {
  const known = new WeakMap<Page, T>();
  return (page) => {
    let made = known.get(page);
    if (made === undefined) {
      made = make(page);
      known.set(page, made);
    }
    return made;
  };
}

/** Returns the folded text of a page. */
export const getFoldedText = oncePerPage((page) => new PageText(page));

/** Returns the elements of a page by what they have, to look up selectors. */
export const getMarkIndex = oncePerPage((page) => new MarkIndex(page, getFoldedText(page).elements));

/** Counts the tags, classes and ids of a page (`countNames`). */
export const countPageNames = oncePerPage(
  (page): ReadonlyMap<string, number> => countNames(listElements(page)),
);

const getSize = oncePerPage((page) => {
  let count = 0;
  for (const _ of listElements(page)) if (++count > MANY_ELEMENTS) break;
  return { count };
});

/** Whether each search of a page takes a while, as it has many elements. */
export function isLargePage(page: Page): boolean {
  return getSize(page).count > MANY_ELEMENTS;
}

const getExtractions = oncePerPage(
  () => new LRUCache<string, { extraction: Extraction | undefined }>({ max: MAX_REMEMBERED }),
);

/** Extracts the rows of a page; undefined where a selector cannot be computed on it. */
export function tryExtractRows(page: Page, rules: ExtractionRules): Extraction | undefined {
  const known = getExtractions(page);
  const { item, table, selectors, pagination, follow, data_cleaning, locale }: RowRules = rules;
  const key = JSON.stringify([item, table, selectors, pagination, follow, data_cleaning, locale]);
  let remembered = known.get(key);
  if (remembered === undefined) {
    remembered = { extraction: extract(page, rules) };
    known.set(key, remembered);
  }
  return remembered.extraction;
}

function extract(page: Page, rules: ExtractionRules): Extraction | undefined {
  try {
    return extractRows(page, rules);
  } catch (error) {
    if (error instanceof ScrapeError) return undefined;
    throw error;
  }
}

/** Yields the elements of a page. */
export function* listElements(page: Page): Generator<PageElement> {
  for (const root of select(page, ':root')) {
    yield root;
    yield* getDescendants(root);
  }
}

/** Counts the tags, classes and ids of elements: `p`, `.price`, `#list`. */
export function countNames(elements: Iterable<PageElement>): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (one: string) => counts.set(one, (counts.get(one) ?? 0) + 1);
  const named = new Map<string, readonly string[]>();
  let left = MAX_ELEMENTS;
  for (const { name, attribs } of elements) {
    if (left-- === 0) break;
    const { class: classes = '', id = '' } = attribs;
    if (isUsableName(name)) add(name);
    let names = named.get(classes);
    if (names === undefined) {
      names = [...new Set(classes.split(/\s+/).map((text) => `.${text}`))].filter(
        (one) => one !== '.' && isUsableName(one),
      );
      named.set(classes, names);
    }
    for (const one of names) add(one);
    if (id !== '' && isUsableName(`#${id}`)) add(`#${id}`);
  }
  return counts;
}

function isUsableName(name: string): boolean {
  return name.length <= MAX_NAME_CHARACTERS && !/\p{C}/u.test(name);
}
