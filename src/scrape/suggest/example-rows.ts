import { getAncestors, isElement } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getStableClasses } from './dom-helpers.ts';
import { escapeName, findMarks, joinMarks, type Mark, type MarkIndex } from './element-marks.ts';
import type { Hit } from './find-examples.ts';
import type { PageText } from './page-text.ts';
import { countAt, formatPath, getPath, isThroughList } from './row-paths.ts';

/** The rows of a page that hold examples. */
export interface ExampleRows {
  item: Mark;
  rows: readonly PageElement[];
  /** The row that holds most of the examples. */
  anchor: PageElement;
}

/** How many elements of one example are the beginning of a search, and how many of all. */
const MAX_ANCHORS = 5;
const MAX_ALL_ANCHORS = 60;
const MAX_LEVELS = 25;
const MAX_MARKS = 5;
const SAMPLED_ROWS = 24;
/** The minimum share of rows that have the examples' places. */
const MIN_SUPPORT = 0.5;
/** One example alone says little: its block has to repeat more often. */
const MIN_ROWS_OF_ONE = 3;
/** Rows after these are not searched for examples that the row itself lacks. */
const MAX_SEARCHED_ROWS = 300;

/**
 * Finds the repeated block that holds the examples: of all blocks around them, the one that holds most of them, and
 * whose other blocks have something in the same places.
 * @returns undefined if they lie in no repeated block
 */
export function findExampleRows(
  page: Page,
  text: PageText,
  index: MarkIndex,
  hits: readonly (readonly Hit[])[],
): ExampleRows | undefined {
  const found = hits.filter((one) => one.length > 0);
  const minRows = found.length === 1 ? MIN_ROWS_OF_ONE : 2;
  let best: (ExampleRows & { score: number }) | undefined;
  const seen = new Set<PageElement>();
  for (const anchor of found.flatMap(chooseAnchors).slice(0, MAX_ALL_ANCHORS)) {
    for (const [level, block] of [anchor, ...getAncestors(anchor, MAX_LEVELS)].entries()) {
      if (block.name === 'body' || block.name === 'html') break;
      if (seen.has(block)) continue;
      seen.add(block);
      for (const item of createItems(block, page.isXml)) {
        const rows = index.select(item);
        if (rows.length < minRows || !rows.includes(block) || isNested(text, rows)) continue;
        const candidate = { item, rows, anchor: block };
        const score = scoreRows(text, candidate, found) - 0.03 * level;
        if (score > (best?.score ?? 0)) best = { ...candidate, score };
      }
    }
  }
  return best;
}

/** Chooses elements in different surroundings, the surest first: one of the navigation, one of the rows. */
function chooseAnchors(hits: readonly Hit[]): PageElement[] {
  const chosen = new Map<string, PageElement>();
  for (const { element } of hits.toSorted((one, other) => other.quality - one.quality)) {
    const around = [element, ...getAncestors(element, 4)].map(
      (each) => `${each.name}.${getStableClasses(each).join('.')}`,
    );
    const key = around.join(' ');
    if (!chosen.has(key)) chosen.set(key, element);
    if (chosen.size === MAX_ANCHORS) break;
  }
  return [...chosen.values()];
}

/** Creates selectors for an element and those like it. */
export function createItems(block: PageElement, isXml: boolean): Mark[] {
  const own = findMarks(block, isXml)
    .filter(({ key }) => key !== '[id]')
    .map((mark) => (mark.css.startsWith('.') ? { ...mark, css: escapeName(block.name) + mark.css } : mark));
  const classes = own.filter(({ key }) => key.startsWith('.')).slice(0, 3);
  const pairs = classes.flatMap((one, at) =>
    classes.slice(at + 1).map(
      (other): Mark => ({
        ...one,
        css: one.css + other.css.slice(escapeName(block.name).length),
        stability: Math.min(one.stability, other.stability) - 0.2,
      }),
    ),
  );
  const [parent, ...outer] = getAncestors(block, MAX_LEVELS);
  const tag = own.filter(({ key }) => key === block.name);
  const first = [...new Set([...own.slice(0, 2), ...tag])];
  const below = (around: PageElement | undefined, combinator: ' > ' | ' ') =>
    around === undefined
      ? []
      : findMarks(around, isXml)
          .slice(0, 3)
          .flatMap((mark) => first.map((each) => joinMarks(mark, combinator, each)));
  return [
    ...own.slice(0, MAX_MARKS),
    ...pairs,
    ...below(parent, ' > '),
    ...below(outer[0], ' '),
    ...createChain(block, [parent, ...outer].filter(isSome)),
  ];
}

function isSome<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** For elements without names: their tags, from the page's body on. */
function createChain(block: PageElement, around: readonly PageElement[]): Mark[] {
  const end = around.findIndex(({ name }) => name === 'body');
  if (end < 0) return [];
  const css = [...around.slice(0, end + 1).reverse(), block].map(({ name }) => escapeName(name)).join(' > ');
  return [{ css, stability: 0.5, why: 'nesting', key: block.name }];
}

/** Whether one of the elements is inside of another one. @param rows in document order */
function isNested(text: PageText, rows: readonly PageElement[]): boolean {
  let last = -1;
  return rows.some((row) => {
    const isInside = text.numberOf(row) <= last;
    last = text.lastOf(row);
    return isInside;
  });
}

/** How well rows explain where the examples are; 0 if they do not. */
function scoreRows(
  text: PageText,
  { item, rows, anchor }: ExampleRows,
  hits: readonly (readonly Hit[])[],
): number {
  const extent = getExtent(text, anchor, rows);
  const inside = hits.map((one) => findBest(listBetween(one, extent.first, extent.last)));
  const isWithin = (hit: Hit) => hit.at <= text.lastOf(anchor);
  const own = inside.filter(isSome).filter(isWithin);
  if (own.length === 0) return 0;
  const paths = own.map(({ element }) => getPath(element, anchor));
  const sampled = sampleRows(rows);
  let support = 0;
  let several = 0;
  let covered = 0;
  for (const [at, path] of paths.entries()) {
    const counts = sampled.map((row) => countAt(row, path));
    support += counts.filter((count) => count > 0).length / sampled.length / paths.length;
    several += counts.filter((count) => count > 1).length / sampled.length / paths.length;
    // A list in the block is more likely to be the rows.
    covered += (own[at]?.quality ?? 0) * (isThroughList(path, anchor) ? 0.3 : 1);
  }
  if (support <= MIN_SUPPORT) return 0;
  for (const hit of inside) if (hit !== undefined && !isWithin(hit)) covered += 0.9 * hit.quality;
  const elsewhere = countElsewhere(
    text,
    rows,
    hits.filter((_, at) => inside[at] === undefined),
    paths,
  );
  if (inside.filter(isSome).length + elsewhere < Math.min(2, hits.length)) return 0;
  const [first] = own;
  const holdsMore = first !== undefined && text.lengthOf(anchor) > text.lengthOf(first.element);
  return (
    10 * covered +
    3 * elsewhere +
    5 * support -
    4 * several +
    (holdsMore ? 1.5 : 0) -
    (isBesideContent(anchor) ? 3 : 0) +
    0.3 * Math.min(6, Math.log2(rows.length)) +
    0.4 * item.stability
  );
}

/** Counts the examples that another row has, in a place of their own: people mix rows up. */
function countElsewhere(
  text: PageText,
  rows: readonly PageElement[],
  missing: readonly (readonly Hit[])[],
  paths: readonly ReturnType<typeof getPath>[],
): number {
  if (missing.length === 0) return 0;
  const taken = new Set(paths.map(formatPath));
  return missing.filter((hits) =>
    rows.slice(0, MAX_SEARCHED_ROWS).some((row) => {
      const hit = findBest(listBetween(hits, text.numberOf(row), text.lastOf(row)));
      // In a table of names and values, each example has a row of its own.
      return hit !== undefined && !taken.has(formatPath(getPath(hit.element, row)));
    }),
  ).length;
}

const BESIDE_TAGS = new Set(['nav', 'header', 'footer', 'aside', 'select', 'head']);

function isBesideContent(element: PageElement): boolean {
  return [element, ...getAncestors(element)].some(({ name }) => BESIDE_TAGS.has(name));
}

/** Returns the numbers of the first and last element of a row: with what follows it, up to the next row. */
export function getExtent(
  text: PageText,
  row: PageElement,
  rows: readonly PageElement[],
): { first: number; last: number } {
  const first = text.numberOf(row);
  const own = { first, last: text.lastOf(row) };
  const next = rows.find((each) => text.numberOf(each) > first);
  const before = rows.find((each) => each !== row);
  if (before?.parent !== row.parent) return own;
  if (next !== undefined && next.parent === row.parent) return { first, last: text.numberOf(next) - 1 };
  return isElement(row.parent) ? { first, last: text.lastOf(row.parent) } : own;
}

/** Returns the hits with these numbers. @param hits in document order */
export function listBetween(hits: readonly Hit[], first: number, last: number): Hit[] {
  let [low, high] = [0, hits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hits[middle]?.at ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  const inside: Hit[] = [];
  for (let at = low; (hits[at]?.at ?? Number.POSITIVE_INFINITY) <= last; at += 1)
    inside.push(hits[at] as Hit);
  return inside;
}

/** Returns the surest hit. */
function findBest(hits: readonly Hit[]): Hit | undefined {
  return hits.reduce<Hit | undefined>(
    (best, hit) => (hit.quality > (best?.quality ?? 0) ? hit : best),
    undefined,
  );
}

/** Returns rows from the whole list. */
export function sampleRows(rows: readonly PageElement[], max = SAMPLED_ROWS): readonly PageElement[] {
  if (rows.length <= max) return rows;
  return Array.from({ length: max }, (_, at) => rows[Math.floor((at * rows.length) / max)] as PageElement);
}
