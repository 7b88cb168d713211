import { parseItemFilter } from '../../../core/items/parse-item-filter.ts';
import type { RowQuery } from '../../../core/items/select-rows.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { clamp } from '../../ui/scroll.ts';
import { lastScrollColumn, visibleColumnsFrom } from './item-columns.ts';
import { type ItemColumn, type ItemsSlice, type ItemTable, PLAIN_TABLE, type TableChange } from './model.ts';

const MIN_CELLS = 3;
const MAX_CELLS = 400;

/** Which rows are shown, and in which order. */
export function toRowQuery({ filter, sort }: ItemTable): RowQuery {
  return { terms: filter.terms, ...(sort !== undefined && { order: [sort] }) };
}

/** The columns as the user arranged them: those that were moved keep their place, new ones follow. At least one. */
export function arrangeColumns(
  columns: readonly ItemColumn[],
  { hidden, order, widths, sort }: ItemTable,
): readonly ItemColumn[] {
  const place = new Map(order.map((field, index) => [field, index]));
  const at = ({ field }: ItemColumn) => place.get(field) ?? order.length;
  const arranged = columns
    .filter(({ field }) => !hidden.includes(field))
    .sort((one, other) => at(one) - at(other))
    .map((column) => {
      const { field, cells } = column;
      // The sign of the order stands behind the title.
      const least = sort?.field === field ? displayWidth(sanitizeText(field)) + 1 : 0;
      return { ...column, cells: widths[field] ?? Math.max(cells, least) };
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

/** Moves the cursor by columns, and scrolls so that the whole column is in sight. */
export function moveColumn(slice: ItemsSlice, by: number, width: number): ItemsSlice {
  const { arranged, table } = slice;
  const index = clamp(cursorColumn(slice) + by, 0, Math.max(0, arranged.length - 1));
  const moved = { ...slice, table: { ...table, field: arranged[index]?.field } };
  return { ...moved, column: scrollToColumn(moved, index, width) };
}

function scrollToColumn({ arranged, column }: ItemsSlice, index: number, width: number): number {
  if (index <= column) return index;
  const cells = arranged[index]?.cells ?? 0;
  for (let first = column; first < index; first += 1) {
    const shown = visibleColumnsFrom(arranged, first, width).find((one) => one.index === index);
    if (shown !== undefined && shown.cells === cells) return first;
  }
  return Math.min(index, Math.max(column, lastScrollColumn(arranged, width)));
}

/** The slice after a change of how items are shown. If other rows are shown, they have to be read again. */
export function changeTable(slice: ItemsSlice, change: TableChange, screenRows: number): ItemsSlice {
  const { table, arranged, columns } = slice;
  const field = cursorField(slice);
  switch (change.kind) {
    case 'filter': {
      const fields = columns.map((column) => column.field);
      return withTable(slice, { filter: parseItemFilter(change.text, fields), figures: undefined });
    }
    case 'sort':
      return field === undefined ? slice : withTable(slice, { sort: nextSort(table, field) });
    case 'width': {
      const cells = arranged[cursorColumn(slice)]?.cells;
      if (field === undefined || cells === undefined) return slice;
      const widths = { ...table.widths, [field]: clamp(cells + change.by, MIN_CELLS, MAX_CELLS) };
      return withTable(slice, { widths });
    }
    case 'move': {
      const order = arranged.map((column) => column.field);
      const from = cursorColumn(slice);
      const to = from + change.by;
      const [one, other] = [order[from], order[to]];
      if (one === undefined || other === undefined) return slice;
      order[to] = one;
      order[from] = other;
      return withTable(slice, { order, field: one });
    }
    case 'hide': {
      if (field === undefined || arranged.length < 2) return slice;
      const next = arranged[cursorColumn(slice) + 1] ?? arranged[cursorColumn(slice) - 1];
      return withTable(slice, { hidden: [...table.hidden, field], field: next?.field });
    }
    case 'restore':
      return withTable(slice, { hidden: [], order: [], widths: {} });
    case 'mark':
      return withTable(slice, { marked: toggled(table.marked, [numberAt(slice, slice.row)]) });
    case 'mark_screen': {
      const onScreen = Array.from({ length: screenRows }, (_, line) => numberAt(slice, slice.top + line));
      return withTable(slice, { marked: toggled(table.marked, onScreen) });
    }
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
export function showsOtherRows(before: ItemTable, after: ItemTable): boolean {
  return JSON.stringify(toRowQuery(before)) !== JSON.stringify(toRowQuery(after));
}
