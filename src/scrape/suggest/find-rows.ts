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

/** What stands between rows, over them or under them, as its makers call it. */
const NON_ROW_NAME =
  /^(?:ads?|adverts?|advertisements?|advertising|sponsors?|sponsored|promos?|promoted|pager|paging|pagination|header|heading|headings|thead|separator|spacer)$/;
const ROW_STATE = /^(?:has|is|no|not|with|without|tag|category|format|type)$/;
const MAX_WORDS = 3;
/** More of the rows than this are no strays. */
const MAX_STRAYS = 0.3;

/**
 * A group without what stands among its rows and is none: what is called an advertisement, a pager or a heading; in tables
 * also a first line that heads the others, and a line of one cell among lines of several.
 * @returns undefined where all are rows
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

/** By a class of a few words: longer ones are of a row, and so are what it has and what it is about. */
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

/** The number of cells that a line has, where most have as many. */
function getUsualCellCount(rows: readonly OutlineNode[]): number {
  return rows.map(countCells).toSorted((one, other) => one - other)[rows.length >> 1] ?? 0;
}

function countCells({ element }: OutlineNode): number {
  return element.name === 'tr' ? element.children.filter(isElement).length : 0;
}

function hasOtherCellCount(row: OutlineNode, usual: number): boolean {
  return usual > 1 && countCells(row) === 1;
}

/** Whether the first line of a table names its columns: it leads nowhere where all others do, or is all in bold. */
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

/** The elements of a page that seem to hold a row each, and a selector for them. */
interface FoundRows {
  item: string;
  rows: readonly PageElement[];
  /** What follows each row's element and belongs to the row. */
  tails?: Tails;
}

/** Everything that repeats on a page and may be its rows, what is most likely meant first. */
export function findAllRows(page: Page, max = 1): FoundRows[] {
  const outline = createOutline(page);
  const areas = new PageAreas(outline);
  return rankGroups(outline, areas)
    .slice(0, max)
    .flatMap((group) => {
      const part = findMainPart(group, areas);
      const found = part && toFoundRows(page, part);
      // What no selector tells apart stays together; a person may want both lists.
      return found !== undefined && isExact(page, found)
        ? [found, toFoundRows(page, group)]
        : [toFoundRows(page, group)];
    })
    .slice(0, max);
}

/** Without what is no row, where a selector can tell it from the rows. */
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
