import { displayWidth } from '../../../core/lib/display-width.ts';
import { formatRowValue } from '../../../core/lib/format-row-value.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { toNumber } from '../../../core/runs/item-values.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { ChangedItem, Item, ItemChanges, ItemColumn } from './model.ts';

const MIN_COLUMN_CELLS = 3;
/** Longer values are cut where the screen has no room left. */
const MAX_COLUMN_CELLS = 40;
/** No column of one field is wider. */
const MAX_WANTED_CELLS = 200;
/** The gap between two columns, in cells. */
export const ITEM_COLUMN_GAP = 2;

/** A value as one line; empty for a missing value. */
export function formatItemValue(value: unknown): string {
  return sanitizeText(formatRowValue(value));
}

/**
 * The columns of items: one for each field, in order of appearance. Known columns keep their place and never become
 * narrower, so that nothing jumps while the user scrolls.
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
      const title = before === undefined ? displayWidth(sanitizeText(field)) : 0;
      const needed = Math.max(title, displayWidth(formatItemValue(value)));
      const cells = Math.max(before?.cells ?? MIN_COLUMN_CELLS, Math.min(MAX_COLUMN_CELLS, needed));
      const wanted = Math.max(before?.wanted ?? cells, Math.min(MAX_WANTED_CELLS, needed));
      const align = alignWith(before, value);
      if (before !== undefined && before.wanted === wanted && before.align === align) continue;
      columns.set(field, { field, cells, wanted, align });
      changed = true;
    }
  }
  return changed ? [...columns.values()] : known;
}

/** A column on the screen. The last one may be narrower than its content needs. */
export interface VisibleColumn extends ItemColumn {
  readonly index: number;
}

/**
 * The columns from `first` on that fit into a width; always at least one. Where the last one is among them and room is
 * left, columns grow to what their values need: first those that need the least.
 */
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
  return shown.at(-1)?.index === columns.length - 1 ? grown(shown, room + ITEM_COLUMN_GAP) : shown;
}

function grown(columns: VisibleColumn[], room: number): VisibleColumn[] {
  const grow = columns
    .filter(({ cells, wanted }) => wanted > cells)
    .sort((one, other) => one.wanted - one.cells - (other.wanted - other.cells));
  const cells = new Map<number, number>();
  let left = room;
  for (const column of grow) {
    const more = Math.max(0, Math.min(left, column.wanted - column.cells));
    cells.set(column.index, column.cells + more);
    left -= more;
  }
  return cells.size === 0
    ? columns
    : columns.map((column) => ({ ...column, cells: cells.get(column.index) ?? column.cells }));
}

/** The last scroll position to the right: the smallest first column from which the last column is fully in sight. */
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

/** A row of items as one line. */
export function rowText(item: Item, columns: readonly VisibleColumn[]): string {
  return columns.map((column) => cellText(item[column.field], column)).join(' '.repeat(ITEM_COLUMN_GAP));
}

function alignWith(before: ItemColumn | undefined, value: unknown): 'left' | 'right' {
  if (value === null || value === undefined) return before?.align ?? 'right';
  return toNumber(value) !== undefined && (before === undefined || before.align === 'right')
    ? 'right'
    : 'left';
}

/** A page of `compare_runs` as rows, in its order: changed items first. */
export function toItemChanges(output: OperationOutput<'compare_runs'>): ItemChanges {
  const { added, removed, changed, unchanged } = output;
  const rows = output.examples.map(({ kind, before = {}, after = {}, fields = [] }): ChangedItem => {
    if (kind === 'removed') return { kind, item: before, before: {} };
    return { kind, item: after, before: Object.fromEntries(fields.map((field) => [field, before[field]])) };
  });
  return {
    runId: output.run_id,
    withRunId: output.with_run_id,
    key: output.key,
    rules: output.rules,
    counts: { added, removed, changed, unchanged },
    rows,
    next: output.next_cursor,
  };
}

/** The text of a cell of a changed item: the value, or the old and the new value. */
export function formatChangedCell(
  { kind, item, before }: ChangedItem,
  field: string,
): { text: string; changed: boolean } {
  if (kind !== 'changed' || !Object.hasOwn(before, field))
    return { text: formatItemValue(item[field]), changed: false };
  return {
    text: `${formatItemValue(before[field]) || '-'} → ${formatItemValue(item[field]) || '-'}`,
    changed: true,
  };
}

/** The columns for changed items, each wide enough for the old and the new value. */
export function changeColumns(
  rows: readonly ChangedItem[],
  known: readonly ItemColumn[],
): readonly ItemColumn[] {
  const columns = itemColumnsOf(
    rows.map(({ item }) => item),
    known,
  );
  return columns.map((column) => {
    const widest = rows.reduce(
      (max, row) => Math.max(max, displayWidth(formatChangedCell(row, column.field).text)),
      0,
    );
    return {
      ...column,
      cells: Math.max(column.cells, Math.min(MAX_COLUMN_CELLS, widest)),
      wanted: Math.max(column.wanted, Math.min(MAX_WANTED_CELLS, widest)),
    };
  });
}
