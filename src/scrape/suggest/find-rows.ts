import { getAncestors, getText, isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import {
  getCommonClasses,
  getDescendants,
  getStableClasses,
  getTag,
  toCommonSelector,
} from './dom-helpers.ts';
import { type Group, MIN_ROWS, type Tails } from './find-groups.ts';
import { findMainPart } from './main-part.ts';
import { createOutline, type OutlineNode, PageAreas } from './outline.ts';
import { rankGroups } from './rank-groups.ts';

/** The elements of a page that seem to be rows, and a selector for them. */
interface FoundRows {
  item: string;
  rows: readonly PageElement[];
  /** Elements that follow each row's element and belong to the row. */
  tails?: Tails;
}

/** Returns everything that repeats on a page and may be its rows, the most likely first. */
export function findAllRows(page: Page, max = 1, outline = createOutline(page)): FoundRows[] {
  const areas = new PageAreas(outline);
  return rankGroups(outline, areas)
    .slice(0, max)
    .flatMap((group) => {
      const part = findMainPart(group, areas);
      const found = part && toFoundRows(page, part);
      // Parts that no selector can separate stay together. Otherwise both are returned: a user may want both lists.
      return found !== undefined && isExact(page, found)
        ? [found, toFoundRows(page, group)]
        : [toFoundRows(page, group)];
    })
    .slice(0, max);
}

/** Removes strays if a selector can separate them from the rows. */
function toFoundRows(page: Page, group: Group): FoundRows {
  const kept = removeStrays(group);
  if (kept !== undefined) {
    const rows = kept.rows.map(({ element }) => element);
    const held = new Set(rows);
    const strays = group.rows.flatMap(({ element }) => (held.has(element) ? [] : [element]));
    const found = { item: findRowSelector(page, rows, strays), rows };
    if (isExact(page, found)) return found;
  }
  const rows = group.rows.map(({ element }) => element);
  return { item: findRowSelector(page, rows), rows, ...(group.tails && { tails: group.tails }) };
}

function isExact(page: Page, { item, rows }: FoundRows): boolean {
  const found = new Set(select(page, item));
  return found.size === rows.length && rows.every((row) => found.has(row));
}

/** Class names of elements between, above or below rows. */
const NON_ROW_NAME =
  /^(?:ads?|adverts?|advertisements?|advertising|sponsors?|sponsored|promos?|promoted|pager|paging|pagination|header|heading|headings|thead|separator|spacer)$/;
const ROW_STATE = /^(?:has|is|no|not|with|without|tag|category|format|type)$/;
const MAX_WORDS = 3;
/** If a larger share of the rows would be removed, they are not strays. */
const MAX_STRAYS = 0.3;

/**
 * Removes elements that are among the rows but are no rows: those called advertisement, pager or heading. In tables
 * also a heading row, and a row with one cell among rows with several.
 * @returns undefined if all elements are rows
 */
function removeStrays(group: Group): Group | undefined {
  if (group.tails !== undefined) return undefined;
  const usual = getUsualCellCount(group.rows);
  const kept = group.rows.filter(
    (row, at) =>
      !hasNonRowName(row) && !hasOtherCellCount(row, usual) && !(at === 0 && isHeadingLine(row, group.rows)),
  );
  const strays = group.rows.length - kept.length;
  const isFew = strays > 0 && strays <= Math.max(1, group.rows.length * MAX_STRAYS);
  return isFew && kept.length >= MIN_ROWS ? { rows: kept } : undefined;
}

/** Decides by classes of few words. Longer names, and names of states or subjects, belong to rows. */
function hasNonRowName({ element }: OutlineNode): boolean {
  return getStableClasses(element)
    .map((name) =>
      name
        .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .split(/[^a-z]+/),
    )
    .some(
      (words) =>
        words.length <= MAX_WORDS &&
        !ROW_STATE.test(words[0] ?? '') &&
        words.some((word) => NON_ROW_NAME.test(word)),
    );
}

/** Returns the median number of cells per table row. */
function getUsualCellCount(rows: readonly OutlineNode[]): number {
  return rows.map(countCells).toSorted((one, other) => one - other)[rows.length >> 1] ?? 0;
}

function countCells({ element }: OutlineNode): number {
  return element.name === 'tr' ? element.children.filter(isElement).length : 0;
}

function hasOtherCellCount(row: OutlineNode, usual: number): boolean {
  return usual > 1 && countCells(row) === 1;
}

/** Whether a table's first row names the columns: it is the only one without a link, or the only one all in bold. */
function isHeadingLine(first: OutlineNode, [, ...others]: readonly OutlineNode[]): boolean {
  if (first.element.name !== 'tr') return false;
  if (first.links === 0 && others.every(({ links }) => links > 0)) return true;
  return isBold(first) && !others.some(isBold);
}

function isBold({ element }: OutlineNode): boolean {
  const plain = (text: string) => text.replaceAll(/\s+/g, '');
  const bold = [...getDescendants(element)].filter(({ name }) => name === 'b' || name === 'strong');
  return bold.length > 0 && bold.map((each) => plain(getText(each))).join('') === plain(getText(element));
}

/**
 * Returns the simplest selector that matches exactly the given elements; without one, the selector that comes closest.
 * @param strays elements among the rows that must not match
 */
function findRowSelector(
  page: Page,
  rows: readonly PageElement[],
  strays: readonly PageElement[] = [],
): string {
  const wanted = new Set(rows);
  let best = { selector: '*', worth: -1 };
  for (const selector of createCandidates(rows, strays)) {
    const found = select(page, selector);
    const right = found.filter((element) => wanted.has(element)).length;
    const worth = (2 * right) / (found.length + wanted.size);
    if (worth === 1) return selector;
    if (worth > best.worth) best = { selector, worth };
  }
  return best.selector;
}

function* createCandidates(rows: readonly PageElement[], strays: readonly PageElement[]): Generator<string> {
  const [first] = rows;
  if (first === undefined) return;
  const tag = getTag(first);
  const classes = getCommonClasses(rows).slice(0, 4);
  const owns = [
    ...classes.map((name) => `${tag}.${name}`),
    ...createPairs(classes).map((pair) => [tag, ...pair].join('.')),
  ];
  yield* owns;
  yield* getCommonAttributes(rows).map((mark) => `${tag}${mark}`);
  if (classes.length === 0) yield tag;
  const own = owns[0] ?? tag;
  // Excludes heading rows, and empty elements that fill up a line.
  const told = strays.length === 0 ? [] : excludeStrays(own, strays);
  const alike = [...(tag === 'tr' ? [own, `${own}:has(> td)`] : [own, `${own}:has(a)`]), ...told];
  yield* told;
  const parent = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(0, 1)));
  const grandparent = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(1, 2)));
  const outermost = toCommonSelector(rows.flatMap((row) => getAncestors(row).slice(2, 3)));
  for (const row of alike) {
    yield `${parent} > ${row}`;
    yield `${grandparent} > ${parent} > ${row}`;
    // Data tables inside layout tables.
    if (tag === 'tr') yield `${outermost} > ${grandparent} > ${parent} > ${row}`;
    for (const container of getContainers(rows)) {
      yield `${container} > ${row}`;
      yield `${container} > ${parent} > ${row}`;
      yield `${container} > ${grandparent} > ${parent} > ${row}`;
      yield `${container} ${row}`;
    }
  }
  yield* getNthOfType(rows, own);
}

/** For rows without a named ancestor: selectors by their content, or by the number of their list. */
function* getNthOfType(rows: readonly PageElement[], own: string): Generator<string> {
  const [list, ...others] = new Set(rows.map((row) => getAncestors(row)[0]));
  if (list === undefined || others.length > 0) return;
  const inner = rows.map((row) => new Set(row.children.filter(isElement).map(getTag)));
  for (const name of inner[0] ?? []) if (inner.every((has) => has.has(name))) yield `${own}:has(> ${name})`;
  yield `${getTag(list)}:nth-of-type(${getTypeNumber(list)}) > ${own}`;
}

function getTypeNumber(element: PageElement): number {
  let number = 1;
  for (let { prev } = element; prev !== null; prev = prev.prev)
    if (isElement(prev) && prev.name === element.name) number += 1;
  return number;
}

/** Creates selectors that exclude strays: by their classes, or by what heading and pager rows of a table lack. */
function excludeStrays(own: string, strays: readonly PageElement[]): string[] {
  const names = [...new Set(strays.flatMap(getStableClasses))].map((name) => `.${name}`);
  const without = [...names, ...(names.length > 1 ? [names.join(', ')] : [])].map(
    (each) => `${own}:not(${each})`,
  );
  const cells = `${own}:has(> td:nth-child(2))`;
  const lines = [cells, `${own}:has(a)`, `${cells}:has(a)`, `${own}:not(:has(> td > b, > td > strong))`];
  const isLine = strays[0]?.name === 'tr';
  return [...without, ...(isLine ? lines : [])];
}

function createPairs(names: readonly string[]): [string, string][] {
  return names.flatMap((one, at) => names.slice(at + 1).map((other): [string, string] => [one, other]));
}

/** Creates selectors for attributes that state what an element is. */
function getCommonAttributes(rows: readonly PageElement[]): string[] {
  return ['itemprop', 'itemtype', 'role', 'data-testid', 'data-component-type', 'typeof'].flatMap((name) => {
    const value = rows[0]?.attribs[name] ?? '';
    const isCommon =
      value !== '' && !value.includes('"') && rows.every(({ attribs }) => attribs[name] === value);
    return isCommon ? [`[${name}="${value}"]`] : [];
  });
}

/** Maximum number of containers. */
const MAX_CONTAINERS = 6;

/** Returns the common ancestors of all rows that have an id or a class, innermost first. */
function getContainers(rows: readonly PageElement[]): string[] {
  const [first, ...others] = rows;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return [];
  const lasts = new Set(getAncestors(last));
  const found: string[] = [];
  for (const element of getAncestors(first)) {
    if (!lasts.has(element) || !isElement(element) || element.name === 'body') continue;
    const id = element.attribs['id'] ?? '';
    if (/^[A-Za-z][\w-]*$/.test(id) && !/\d{3}/.test(id)) found.push(`#${id}`);
    const [name] = getCommonClasses([element]);
    if (name !== undefined && !/\d{3}/.test(name)) found.push(`${getTag(element)}.${name}`);
    else if (element.name === 'main') found.push('main');
    if (found.length >= MAX_CONTAINERS) break;
  }
  return found;
}
