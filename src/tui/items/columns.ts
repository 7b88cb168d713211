import { cleanLine } from '../text/clean.ts';
import { cellsOf, fitTo } from '../text/fit.ts';

export type Item = Readonly<Record<string, unknown>>;

/** A column of the table of items: a field, and its width in cells. */
export interface ItemColumn {
  readonly field: string;
  readonly cells: number;
  /** Numbers stand at the right. */
  readonly align: 'left' | 'right';
}

const LEAST = 3;
/** What is longer is cut. */
export const WIDEST_COLUMN = 40;
/** Between two columns. */
export const GAP = 2;

/** A value in one line; nothing for what is not there. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return cleanLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

/**
 * The columns of items: a field each, in the order in which they come up. Columns that are known stay where they are
 * and never become narrower, so that nothing jumps while one scrolls.
 */
export function columnsOf(items: readonly Item[], known: readonly ItemColumn[] = []): readonly ItemColumn[] {
  const columns = new Map(known.map((column) => [column.field, column]));
  let changed = false;
  for (const item of items) {
    for (const [field, value] of Object.entries(item)) {
      const before = columns.get(field);
      const title = before === undefined ? cellsOf(cleanLine(field)) : 0;
      const wanted = Math.max(
        before?.cells ?? LEAST,
        Math.min(WIDEST_COLUMN, Math.max(title, cellsOf(valueText(value)))),
      );
      const align = alignWith(before, value);
      if (before !== undefined && before.cells === wanted && before.align === align) continue;
      columns.set(field, { field, cells: wanted, align });
      changed = true;
    }
  }
  return changed ? [...columns.values()] : known;
}

/** A column as it is on the screen; the last one may have less room than it would fill. */
export interface ShownColumn extends ItemColumn {
  readonly index: number;
}

/** The columns from `first` on that have room in a width. There is always one. */
export function columnsFrom(columns: readonly ItemColumn[], first: number, width: number): ShownColumn[] {
  const shown: ShownColumn[] = [];
  let room = width;
  for (const [index, column] of columns.entries()) {
    if (index < first) continue;
    if (room < LEAST && shown.length > 0) break;
    const cells = Math.max(1, Math.min(column.cells, room));
    shown.push({ ...column, cells, index });
    room -= cells + GAP;
  }
  return shown;
}

/** How far to the right one can go: the last column that has to be the first so that the end is in sight. */
export function lastFirst(columns: readonly ItemColumn[], width: number): number {
  let room = width;
  for (let first = columns.length - 1; first >= 0; first -= 1) {
    room -= (columns[first]?.cells ?? 0) + (first === columns.length - 1 ? 0 : GAP);
    if (room < 0) return Math.min(columns.length - 1, first + 1);
  }
  return 0;
}

/** The text of a cell, cut and padded to its column. */
export function cellText(value: unknown, { cells, align }: Pick<ItemColumn, 'cells' | 'align'>): string {
  return fitTo(valueText(value), cells, align);
}

/** A row of items as one line of columns. */
export function rowText(item: Item, columns: readonly ShownColumn[]): string {
  return columns.map((column) => cellText(item[column.field], column)).join(' '.repeat(GAP));
}

function alignWith(before: ItemColumn | undefined, value: unknown): 'left' | 'right' {
  if (value === null || value === undefined) return before?.align ?? 'right';
  return typeof value === 'number' && (before === undefined || before.align === 'right') ? 'right' : 'left';
}
