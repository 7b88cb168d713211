import { getText } from '../extract/get-text.ts';
import { isElement } from '../extract/select.ts';
import { getStableClasses } from './class-names.ts';
import { getDescendants } from './dom-helpers.ts';
import { type Group, MIN_ROWS } from './find-groups.ts';
import type { OutlineNode } from './outline.ts';

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
export function removeStrays(group: Group): Group | undefined {
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
