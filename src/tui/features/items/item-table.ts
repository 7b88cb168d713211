import type { RowQuery } from '../../../core/items/select-rows.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { inChosenOrder, rearrange } from '../../ui/column-arrangement.ts';
import { clamp } from '../../ui/scroll.ts';
import { lastScrollColumn, NOT_READ, visibleColumnsFrom, withTitleRoom } from './item-columns.ts';
import { isBeside, kindTerms, nextChangeOrder, parseShownFilter, withBeside } from './joined-rows.ts';
import {
  type Item,
  type ItemColumn,
  type ItemsEvent,
  type ItemsSlice,
  type ItemsState,
  type ItemTable,
  PLAIN_TABLE,
  type ShownRows,
  type TableChange,
} from './model.ts';

/** Which rows are shown, and in which order. */
export function toRowQuery({ mode, joined, table }: ItemsSlice): RowQuery {
  const { filter, sort, kind, only } = table;
  const ofKind = mode === 'items' || joined === undefined ? [] : kindTerms(joined.names, kind);
  return {
    terms: [...ofKind, ...filter.terms],
    ...(sort !== undefined && { order: [sort] }),
    ...(only !== undefined && { rows: [...only] }),
  };
}

/** Whose rows are shown, for an effect. */
export function shownRows({ jobId, runId, withRunId, slice }: ItemsState): ShownRows {
  if (slice.mode === 'items') return { jobId, runId };
  return { jobId, runId, joined: true, ...(withRunId !== undefined && { withRunId }) };
}

/**
 * The fields of what is copied and written: those of the columns as they are arranged, without hidden ones.
 * @returns `undefined` for all fields of each item, as the run has them
 */
export function shownFields({
  table,
  arranged,
  columns,
  mode,
  joined,
}: ItemsSlice): readonly string[] | undefined {
  const names = columns.map(({ field }) => field);
  // Fields that no item in memory has are columns as well, and stand last.
  const others = [...(table.figures?.keys() ?? [])].filter((field) => !names.includes(field));
  const fields = [...arranged.map(({ field }) => field), ...others].filter((field) => field !== NOT_READ);
  if (mode === 'changes' && joined !== undefined) {
    const own = fields.filter((field) => !isBeside(field, joined.names));
    return withBeside(own, joined);
  }
  return table.hidden.length === 0 && table.order.length === 0 ? undefined : fields;
}

/** An item with only these fields, in their order; without `fields`, as it is. */
export function withFields(item: Item, fields: readonly string[] | undefined): Item {
  if (fields === undefined) return item;
  const own = fields.filter((field) => Object.hasOwn(item, field));
  return Object.fromEntries(own.map((field) => [field, item[field]]));
}

/** ` without 2 hidden columns`; empty if all are shown. */
export function describeHidden({ table: { hidden } }: ItemsSlice): string {
  return hidden.length === 0 ? '' : ` without ${pluralize(hidden.length, 'hidden column')}`;
}

/** The columns as the user arranged them: those that were moved keep their place, new ones follow. At least one. */
export function arrangeColumns(columns: readonly ItemColumn[], table: ItemTable): readonly ItemColumn[] {
  const { widths, sort } = table;
  const ordered = inChosenOrder(columns, ({ field }) => field, table);
  const kept = ordered[0]?.isKind ? 2 : 1;
  const arranged = ordered.map((each, index) => {
    const column = index < kept ? { ...each, isKept: true } : each;
    const { field } = column;
    const chosen = widths[field];
    if (chosen !== undefined) return { ...column, cells: chosen, wanted: chosen, isFixed: true };
    return withTitleRoom(column, sort?.field === field ? 1 : 0);
  });
  return arranged.length > 0 ? arranged : columns.slice(0, 1);
}

/** The place of the column under the cursor among the arranged ones. */
export function cursorColumn({ arranged, table }: Pick<ItemsSlice, 'arranged' | 'table'>): number {
  return Math.max(
    0,
    arranged.findIndex(({ field }) => field === table.field),
  );
}

/** The field under the cursor; `undefined` until there are columns. */
export function cursorField(slice: ItemsSlice): string | undefined {
  return slice.arranged[cursorColumn(slice)]?.field;
}

/** The cursor goes to a column, and the order changes as by the key. */
export function sortBy(slice: ItemsSlice, field: string): ItemsEvent[] {
  const by = slice.arranged.findIndex((column) => column.field === field) - cursorColumn(slice);
  return [
    { kind: 'column', by },
    { kind: 'table', change: { kind: 'sort' } },
  ];
}

/** Moves the cursor by columns, and scrolls so that the whole column is in sight. */
export function moveColumn(slice: ItemsSlice, by: number, width: number): ItemsSlice {
  const { arranged, table } = slice;
  const index = clamp(cursorColumn(slice) + by, 0, Math.max(0, arranged.length - 1));
  const moved = { ...slice, table: { ...table, field: arranged[index]?.field } };
  return { ...moved, column: scrollToColumn(moved, index, width) };
}

/**
 * The cursor of two runs side by side begins at the first column in sight that changed, or else at the first one of the
 * items.
 */
export function withFirstChange(slice: ItemsSlice, width: number): ItemsSlice {
  const { mode, joined, table, arranged, column } = slice;
  if (mode === 'items' || joined === undefined || table.field !== undefined) return slice;
  const shown = visibleColumnsFrom(arranged, column, width);
  const first =
    shown.find(({ field }) => joined.differing.includes(field)) ??
    shown.find(({ field }) => field !== joined.names.kind);
  return first === undefined ? slice : { ...slice, table: { ...table, field: first.field } };
}

function scrollToColumn({ arranged, column }: ItemsSlice, index: number, width: number): number {
  if (index <= column) return index;
  for (let first = column; first < index; first += 1)
    if (visibleColumnsFrom(arranged, first, width).some((one) => one.index === index)) return first;
  return Math.min(index, Math.max(column, lastScrollColumn(arranged, width)));
}

/** The slice after a change of how items are shown. If other rows are shown, they have to be read again. */
export function changeTable(
  slice: ItemsSlice,
  change: TableChange,
  screen: { readonly columns: number; readonly rows: number },
): ItemsSlice {
  const { table, arranged } = slice;
  const field = cursorField(slice);
  switch (change.kind) {
    case 'filter':
      return withTable(slice, { filter: parseShownFilter(change.text, slice), figures: undefined });
    case 'sort':
      return field === undefined ? slice : withTable(slice, { sort: nextSort(table, field) });
    case 'sort_change':
      return field === undefined ? slice : withTable(slice, { sort: nextChangeOrder(slice, field) });
    case 'shown':
      return withTable(slice, { kind: change.shown, figures: undefined });
    case 'width':
    case 'move':
    case 'hide':
    case 'restore': {
      // A column that has grown changes from the width that it has on the screen.
      const visible = visibleColumnsFrom(arranged, slice.column, screen.columns);
      const cellsOf = new Map(visible.map((column) => [column.field, column.cells]));
      const shown = arranged.map(({ field: name, cells }) => ({ name, cells: cellsOf.get(name) ?? cells }));
      const all = shown.map(({ name }) => name);
      const { arrangement, cursor } = rearrange(table, { all, shown, cursor: field }, change);
      const { hidden, order, widths } = arrangement;
      return withTable(slice, { hidden, order, widths, field: cursor });
    }
    case 'mark':
      return withTable(slice, { marked: toggled(table.marked, [numberAt(slice, slice.row)]) });
    case 'mark_numbers':
      return withTable(slice, { marked: toggled(table.marked, change.numbers) });
    case 'mark_screen': {
      const onScreen = Array.from({ length: screen.rows }, (_, line) => numberAt(slice, slice.top + line));
      return withTable(slice, { marked: toggled(table.marked, onScreen) });
    }
    case 'only_marked':
      return withTable(slice, {
        only: table.only === undefined ? table.marked : undefined,
        figures: undefined,
      });
    case 'unmark':
      return withTable(slice, { marked: PLAIN_TABLE.marked });
    default:
      return change satisfies never;
  }
}

function withTable(slice: ItemsSlice, changes: Partial<ItemTable>): ItemsSlice {
  const table = { ...slice.table, ...changes };
  return { ...slice, table, arranged: arrangeColumns(slice.columns, table) };
}

function nextSort({ sort }: ItemTable, field: string): ItemTable['sort'] {
  if (sort?.field !== field) return { field, descending: false };
  return sort.descending ? undefined : { field, descending: true };
}

/** The item of a row, if it is in memory. */
export function itemAt(slice: ItemsSlice, row: number): Item | undefined {
  return slice.items[row - slice.first];
}

/** The number of an item in its run; `undefined` if it is not in memory. */
export function numberAt({ numbers, first }: ItemsSlice, row: number): number | undefined {
  return numbers[row - first];
}

/** Marks all of them; if all are marked already, takes their marks away. */
function toggled(marked: ReadonlySet<number>, numbers: readonly (number | undefined)[]): ReadonlySet<number> {
  const known = numbers.filter((number) => number !== undefined);
  const next = new Set(marked);
  const isMarked = known.every((number) => marked.has(number));
  for (const number of known) {
    if (isMarked) next.delete(number);
    else next.add(number);
  }
  return next;
}

/** Whether other rows, or rows in another order, are shown. */
export function showsOtherRows(before: ItemsSlice, after: ItemsSlice): boolean {
  return JSON.stringify(toRowQuery(before)) !== JSON.stringify(toRowQuery(after));
}

type Counted = Pick<ItemsSlice, 'damaged' | 'total' | 'all' | 'table'>;

/** How many of the rows that are shown are lines that are no items. */
export function damagedRows({ damaged, table }: Pick<ItemsSlice, 'damaged' | 'table'>): number {
  const { filter, sort, only } = table;
  // To filter and to sort, the lines are read, and these are left out.
  if (damaged.count === 0 || filter.terms.length > 0 || sort !== undefined) return 0;
  return only === undefined ? damaged.count : damaged.rows.filter((row) => only.has(row)).length;
}

/** How many items are shown. */
export function shownItems(slice: Counted): number {
  return Math.max(0, (slice.total ?? 0) - damagedRows(slice));
}

/** How many items the run has. */
export function allItems({ all, damaged }: Counted): number {
  return Math.max(0, all - damaged.count);
}

/** ` · 4 lines damaged`; empty without any. */
export function describeDamaged({ damaged: { count } }: Pick<ItemsSlice, 'damaged'>): string {
  if (count === 0) return '';
  return ` · ${count === 1 ? '1 line' : `${count.toLocaleString('en-US')} lines`} damaged`;
}
