import { quoteValue } from '../../../core/jobs/filter/parse-filter.ts';
import { fieldOf, isFilled, toText } from '../../../core/runs/item-values.ts';
import type { State, Step } from '../../kernel/model.ts';
import { openDialog, step } from '../../kernel/step.ts';
import { cursorField, itemAt, shownRows, toRowQuery } from './item-table.ts';
import type { ItemsEvent, ItemsSlice } from './model.ts';

/** Opens the dialog of how often each value of the column under the cursor appears, and asks for them. */
export function openValues(state: State): Step {
  const { slice } = state.items;
  const field = cursorField(slice);
  if (field === undefined) return step(state);
  const { marked } = slice.table;
  const { state: opened } = openDialog(state, {
    kind: 'item_values',
    field,
    frequency: undefined,
    source: undefined,
    problem: undefined,
    index: 0,
  });
  const { terms, rows: shown } = toRowQuery(slice);
  const rows = marked.size > 0 ? [...marked] : shown;
  const count = { field, terms, asks: slice.asks, ...(rows !== undefined && { rows }) };
  return step(opened, { kind: 'count_items', ...shownRows(state.items), ...count });
}

/** Takes the values over into the open dialog; `undefined` for other events. */
export function takeValues(state: State, event: ItemsEvent): Step | undefined {
  if (event.kind !== 'values' && event.kind !== 'values_failed') return undefined;
  const { dialog } = state;
  if (dialog?.kind !== 'item_values' || dialog.field !== event.field) return step(state);
  const answer =
    event.kind === 'values' ? { frequency: event.frequency, source: event.source } : { problem: event.text };
  return step({ ...state, dialog: { ...dialog, ...answer } });
}

/** Opens the dialog that describes all columns of the items that are shown, or of the marked ones. */
export function openColumns(state: State): Step {
  const { slice } = state.items;
  const { marked } = slice.table;
  const { state: opened } = openDialog(state, {
    kind: 'item_columns',
    described: undefined,
    problem: undefined,
    index: 0,
  });
  const { terms, rows: shown } = toRowQuery(slice);
  const rows = marked.size > 0 ? [...marked] : shown;
  return step(opened, {
    kind: 'describe_items',
    ...shownRows(state.items),
    terms,
    ...(rows !== undefined && { rows }),
  });
}

/** Takes the description over into the open dialog; `undefined` for other events. */
export function takeDescription(state: State, event: ItemsEvent): Step | undefined {
  if (event.kind !== 'described' && event.kind !== 'describe_failed') return undefined;
  const { dialog } = state;
  if (dialog?.kind !== 'item_columns') return step(state);
  const answer = event.kind === 'described' ? { described: event.described } : { problem: event.text };
  return step({ ...state, dialog: { ...dialog, ...answer } });
}

/** Shows only the items with the value that is under the cursor. */
export function filterBySelected(slice: ItemsSlice): ItemsEvent | undefined {
  const field = cursorField(slice);
  const item = itemAt(slice, slice.row);
  if (field === undefined || item === undefined) return undefined;
  const value = fieldOf(item, field);
  const text = filterByValue(slice.table.filter.text, field, {
    value: isFilled(value) ? toText(value) : undefined,
    negated: false,
  });
  return { kind: 'table', change: { kind: 'filter', text } };
}

/**
 * The filter with one more condition: a column has this value, or has not.
 * @param value `undefined` for no value
 */
export function filterByValue(
  filter: string,
  field: string,
  { value, negated }: { value: string | undefined; negated: boolean },
): string {
  const condition = value === undefined ? `${field}:none` : `${field}=${quoteValue(value)}`;
  return `${filter.trim()} ${negated ? '!' : ''}${condition}`.trim();
}
