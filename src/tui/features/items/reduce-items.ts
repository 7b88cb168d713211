import { clamp, scrollIntoView } from '../../ui/scroll.ts';
import { changeColumns } from './item-changes.ts';
import { itemColumnsOf, lastScrollColumn, visibleColumnsFrom } from './item-columns.ts';
import {
  ITEMS_PER_PAGE,
  type Item,
  type ItemPage,
  type ItemsEvent,
  type ItemsRequest,
  type ItemsSlice,
  type ItemsStep,
  type ItemsView,
} from './model.ts';

/** The state after an event, with the requests for further data. */
export function reduceItems(slice: ItemsSlice, view: ItemsView, event: ItemsEvent): ItemsStep {
  switch (event.kind) {
    case 'page':
      return withChanges(placed(withPage(slice, event.page), view, slice.row));
    case 'changes': {
      const columns = changeColumns(event.changes.rows, slice.columns);
      return placed({ ...slice, changes: event.changes, columns, problem: undefined }, view, 0);
    }
    case 'problem':
      return itemsStep({ ...slice, problem: event.text, reading: false });
    case 'row':
      return placed(slice, view, slice.row + event.by);
    case 'column': {
      const column = clamp(slice.column + event.by, 0, lastScrollColumn(slice.columns, view.columns));
      return itemsStep({ ...slice, column });
    }
    case 'mode': {
      const mode = slice.mode === 'items' ? 'changes' : 'items';
      const turned = { ...slice, mode, row: 0, top: 0, open: false, problem: undefined } as const;
      return withChanges(placed(turned, view, 0));
    }
    case 'open':
      return itemsStep(itemAt(slice, slice.row) === undefined ? slice : { ...slice, open: true });
    case 'close':
      return itemsStep({ ...slice, open: false });
    default:
      return event satisfies never;
  }
}

/** Requests the changes once, when they are shown and the run's items were read. */
function withChanges({ slice, requests }: ItemsStep): ItemsStep {
  const { mode, changes, total, asked } = slice;
  if (mode === 'items' || changes !== undefined || total === undefined || asked) return { slice, requests };
  return {
    slice: { ...slice, asked: true },
    requests: [...requests, { kind: 'changes' }],
  };
}

/** The number of rows that can be scrolled through. */
export function rowCount({ mode, total = 0, changes }: ItemsSlice): number {
  return mode === 'items' ? total : (changes?.rows.length ?? 0);
}

/** The item of a row, if it is in memory. */
export function itemAt(slice: ItemsSlice, row: number): Item | undefined {
  return slice.mode === 'items' ? slice.items[row - slice.first] : slice.changes?.rows[row]?.item;
}

/** The columns in sight. */
export function itemColumns(slice: ItemsSlice, view: ItemsView) {
  return visibleColumnsFrom(
    slice.columns,
    Math.min(slice.column, lastScrollColumn(slice.columns, view.columns)),
    view.columns,
  );
}

/** The row at the top of a screen of this height. */
export function itemsTop(slice: ItemsSlice, { rows }: ItemsView): number {
  return scrollIntoView(slice.row, slice.top, rows, rowCount(slice));
}

function withPage(slice: ItemsSlice, { items, first, total }: ItemPage): ItemsSlice {
  const columns = itemColumnsOf(items, slice.columns);
  return { ...slice, items, first, total, columns, reading: false };
}

/** Moves the cursor to a row and requests the items there that are not in memory. */
function placed(slice: ItemsSlice, view: ItemsView, wanted: number): ItemsStep {
  const count = rowCount(slice);
  const row = clamp(wanted, 0, Math.max(0, count - 1));
  const top = scrollIntoView(row, slice.top, view.rows, count);
  const next = { ...slice, row, top };
  if (slice.mode === 'changes' || slice.total === undefined || slice.reading) return itemsStep(next);
  const last = Math.min(count, top + view.rows);
  const isHeld = top >= slice.first && last <= slice.first + slice.items.length;
  if (isHeld) return itemsStep(next);
  const around = Math.max(0, Math.floor(top - (ITEMS_PER_PAGE - view.rows) / 2));
  // If a page ended early because of its byte limit, the same request would return the same items. The next page starts
  // at the top row.
  const first = around === slice.first && slice.items.length > 0 ? top : around;
  if (first === slice.first) return itemsStep(next);
  return itemsStep({ ...next, reading: true }, { kind: 'page', first, count: ITEMS_PER_PAGE });
}

function itemsStep(slice: ItemsSlice, ...requests: readonly ItemsRequest[]): ItemsStep {
  return { slice, requests };
}
