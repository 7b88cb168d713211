import { getText } from '../extract/element-text.ts';
import { isElement, select } from '../extract/select.ts';
import type { Page, PageElement } from '../lib/page.ts';
import { getDescendants, getStableClasses } from './dom-helpers.ts';
import { type Group, MIN_ROWS, type Tails } from './find-groups.ts';
import { findMainPart } from './main-part.ts';
import { createOutline, type OutlineNode } from './outline.ts';
import { PageAreas } from './page-areas.ts';
import { rankGroups } from './rank-groups.ts';
import { findRowSelector } from './row-selector.ts';

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

/** The elements of a page that seem to be rows, and a selector for them. */
interface FoundRows {
  item: string;
  rows: readonly PageElement[];
  /** Elements that follow each row's element and belong to the row. */
  tails?: Tails;
}

/** Returns everything that repeats on a page and may be its rows, the most likely first. */
export function findAllRows(page: Page, max = 1): FoundRows[] {
  const outline = createOutline(page);
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
