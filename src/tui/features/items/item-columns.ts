import { cleanLine } from '../../ui/text/clean.ts';
import { fitTo, textWidth } from '../../ui/text/fit.ts';
import type { Item, ItemColumn } from './model.ts';

const MIN_COLUMN_CELLS = 3;
/** What is longer is cut. */
export const MAX_COLUMN_CELLS = 40;
/** Between two columns. */
export const ITEM_COLUMN_GAP = 2;

/** A value in one line; nothing for what is not there. */
export function formatItemValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return cleanLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

/**
 * The columns of items: a field each, in the order in which they come up. Columns that are known stay where they are
 * and never become narrower, so that nothing jumps while one scrolls.
 */
export function itemColumnsOf(
  items: readonly Item[],
  known: readonly ItemColumn[] = [],
): readonly ItemColumn[] {
  const columns = new Map(known.map((column) => [column.field, column]));
  let changed = false;
  for (const item of items) {
    for (const [field, value] of Object.entries(item)) {
      const before = columns.get(field);
      const title = before === undefined ? textWidth(cleanLine(field)) : 0;
      const wanted = Math.max(
        before?.cells ?? MIN_COLUMN_CELLS,
        Math.min(MAX_COLUMN_CELLS, Math.max(title, textWidth(formatItemValue(value)))),
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
export interface VisibleColumn extends ItemColumn {
  readonly index: number;
}

/** The columns from `first` on that have room in a width. There is always one. */
export function visibleColumnsFrom(
  columns: readonly ItemColumn[],
  first: number,
  width: number,
): VisibleColumn[] {
  const shown: VisibleColumn[] = [];
  let room = width;
  for (const [index, column] of columns.entries()) {
    if (index < first) continue;
    if (room < MIN_COLUMN_CELLS && shown.length > 0) break;
    const cells = Math.max(1, Math.min(column.cells, room));
    shown.push({ ...column, cells, index });
    room -= cells + ITEM_COLUMN_GAP;
  }
  return shown;
}

/** How far to the right one can go: the last column that has to be the first so that the end is in sight. */
export function lastScrollColumn(columns: readonly ItemColumn[], width: number): number {
  let room = width;
  for (let first = columns.length - 1; first >= 0; first -= 1) {
    room -= (columns[first]?.cells ?? 0) + (first === columns.length - 1 ? 0 : ITEM_COLUMN_GAP);
    if (room < 0) return Math.min(columns.length - 1, first + 1);
  }
  return 0;
}

/** The text of a cell, cut and padded to its column. */
export function cellText(value: unknown, { cells, align }: Pick<ItemColumn, 'cells' | 'align'>): string {
  return fitTo(formatItemValue(value), cells, align);
}

/** A row of items as one line of columns. */
export function rowText(item: Item, columns: readonly VisibleColumn[]): string {
  return columns.map((column) => cellText(item[column.field], column)).join(' '.repeat(ITEM_COLUMN_GAP));
}

function alignWith(before: ItemColumn | undefined, value: unknown): 'left' | 'right' {
  if (value === null || value === undefined) return before?.align ?? 'right';
  return typeof value === 'number' && (before === undefined || before.align === 'right') ? 'right' : 'left';
}
