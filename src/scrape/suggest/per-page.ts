import { LRUCache } from 'lru-cache';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { RowRules } from '../extract/make-rows.ts';
import { select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { getDescendants } from './dom-helpers.ts';
import { MarkIndex } from './element-marks.ts';
import { PageText } from './page-text.ts';
import { RowTrials, type TriedRows } from './tried-rows.ts';

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
export function oncePerPage<T extends object>(make: (page: Page) => T): (page: Page) => T {
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

const getMarkIndex = oncePerPage((page) => new MarkIndex(page, getFoldedText(page).elements));

/** Lists the elements of a page, in document order. */
export const listElements = oncePerPage(
  (page): readonly PageElement[] =>
    page.index?.elements ?? select(page, ':root').flatMap((root) => [root, ...getDescendants(root)]),
);

/** On a page with longer lists, their beginnings are searched first. */
const MANY_SIBLINGS = 600;

const getFirstText = oncePerPage((page) => new PageText(page, MANY_SIBLINGS));
const getFirstIndex = oncePerPage((page) => new MarkIndex(page, getFirstText(page).elements));

/** What is searched of a page. */
export interface SearchedText {
  text: PageText;
  index: MarkIndex;
}

/**
 * Returns what is searched of a page, one after the other, until something is found: of long lists first their
 * beginning, as a search of all rows takes a while.
 */
export function* listSearched(page: Page): Generator<SearchedText> {
  const first = getFirstText(page);
  if (first.elements.length < listElements(page).length * MAX_FIRST_SHARE)
    yield { text: first, index: getFirstIndex(page) };
  yield getSearched(page);
}

/** A beginning with more of the elements saves too little. */
const MAX_FIRST_SHARE = 0.7;

/** Returns the text and the names of the whole page. */
export function getSearched(page: Page): SearchedText {
  return { text: getFoldedText(page), index: getMarkIndex(page) };
}

/** Counts the tags, classes and ids of a page (`countNames`). */
export const countPageNames = oncePerPage(
  (page): ReadonlyMap<string, number> => countNames(listElements(page)),
);

/** Whether each search of a page takes a while, as it has many elements. */
export function isLargePage(page: Page): boolean {
  return listElements(page).length > MANY_ELEMENTS;
}

const getTrials = oncePerPage((page) => ({
  trials: new RowTrials(page),
  known: new LRUCache<string, { rows: TriedRows | undefined }>({ max: MAX_REMEMBERED }),
}));

/** Extracts the rows of a page; undefined where a selector cannot be computed on it. */
export function tryExtractRows(page: Page, rules: ExtractionRules): TriedRows | undefined {
  const { trials, known } = getTrials(page);
  const { item, table, selectors, pagination, follow, data_cleaning, locale }: RowRules = rules;
  const key = JSON.stringify([item, table, selectors, pagination, follow, data_cleaning, locale]);
  let remembered = known.get(key);
  if (remembered === undefined) {
    remembered = { rows: extract(trials, rules) };
    known.set(key, remembered);
  }
  return remembered.rows;
}

function extract(trials: RowTrials, rules: ExtractionRules): TriedRows | undefined {
  try {
    return trials.extract(rules);
  } catch (error) {
    if (error instanceof ScrapeError) return undefined;
    throw error;
  }
}

/** Counts the tags, classes and ids of elements: `p`, `.price`, `#list`. */
export function countNames(elements: Iterable<PageElement>): Map<string, number> {
  // Most elements of a large page have the names of many others.
  const all: { names: readonly string[]; count: number }[] = [];
  const byTag = new Map<string, Map<string, { count: number }>>();
  let left = MAX_ELEMENTS;
  for (const { name, attribs } of elements) {
    if (left-- === 0) break;
    const { class: classes = '', id = '' } = attribs;
    const byClasses = byTag.get(name) ?? new Map<string, { count: number }>();
    const known = id === '' ? byClasses.get(classes) : undefined;
    if (known === undefined) {
      const alike = { names: listNames(name, classes, id), count: 1 };
      all.push(alike);
      if (id === '') byTag.set(name, byClasses.set(classes, alike));
    } else known.count += 1;
  }
  const counts = new Map<string, number>();
  for (const { names, count } of all)
    for (const one of names) counts.set(one, (counts.get(one) ?? 0) + count);
  return counts;
}

function listNames(tag: string, classes: string, id: string): string[] {
  const own = classes.split(/\s+/).filter((text) => text !== '');
  return [tag, ...new Set(own.map((text) => `.${text}`)), ...(id === '' ? [] : [`#${id}`])].filter(
    isUsableName,
  );
}

function isUsableName(name: string): boolean {
  return name.length <= MAX_NAME_CHARACTERS && !/\p{C}/u.test(name);
}
