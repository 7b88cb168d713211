import { type ItemFilter, type ItemTerm, parseItemFilter } from '../../../core/items/parse-item-filter.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import type { JoinNames } from '../../../core/quality/join-items.ts';
import type { ItemOrder } from '../../../core/runs/select-items.ts';
import { formatChangedCell, itemColumnsOf, MAX_COLUMN_CELLS, MAX_WANTED_CELLS } from './item-columns.ts';
import type { ChangedItem, Item, ItemColumn, ItemsSlice, ShownKind } from './model.ts';

/** Which rows of two runs side by side are shown, in the order in which a key goes through them. */
const SHOWN_KINDS: readonly ShownKind[] = ['differing', 'all', 'changed', 'added', 'removed'];

export function nextKind(shown: ShownKind): ShownKind {
  return SHOWN_KINDS[(SHOWN_KINDS.indexOf(shown) + 1) % SHOWN_KINDS.length] ?? 'differing';
}

/** The condition that lets only rows of this kind through. */
export function kindTerms({ kind }: JoinNames, shown: ShownKind): readonly ItemTerm[] {
  if (shown === 'all') return [];
  const isOneOf = (...texts: string[]) => texts.map((text) => ({ text, whole: true }));
  return shown === 'differing'
    ? [{ kind: 'contains', negated: true, field: kind, texts: isOneOf('same', 'ignored') }]
    : [{ kind: 'contains', negated: false, field: kind, texts: isOneOf(shown) }];
}

/** A row of two runs as an item, with the earlier values of what differs. Its kind is its first field. */
export function toChangedItem(row: Item, names: JoinNames): ChangedItem {
  const item: Record<string, unknown> = {};
  const before: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name.startsWith(names.before)) before[name.slice(names.before.length)] = value;
    else if (!name.startsWith(names.change)) item[name] = value;
  }
  return { kind: row[names.kind] as ChangedItem['kind'], item, before };
}

/** The columns of two runs side by side, each wide enough for the old and the new value. */
export function joinedColumns(
  rows: readonly Item[],
  names: JoinNames,
  known: readonly ItemColumn[],
): readonly ItemColumn[] {
  const changes = rows.map((row) => toChangedItem(row, names));
  // A field that is gone from an item has only its old value.
  const items = changes.map(({ item, before }) => ({ ...item, ...omit(before, item) }));
  const columns = itemColumnsOf(items, known);
  const widest = new Map<string, number>();
  for (const change of changes)
    for (const field of Object.keys(change.before))
      widest.set(
        field,
        Math.max(widest.get(field) ?? 0, displayWidth(formatChangedCell(change, field).text)),
      );
  const isWider = ({ field, wanted }: ItemColumn) =>
    Math.min(MAX_WANTED_CELLS, widest.get(field) ?? 0) > wanted;
  if (columns === known && !columns.some(isWider)) return known;
  return columns.map((column) => {
    const needed = widest.get(column.field) ?? 0;
    return {
      ...column,
      ...(column.field === names.kind && { isKind: true }),
      cells: Math.max(column.cells, Math.min(MAX_COLUMN_CELLS, needed)),
      wanted: Math.max(column.wanted, Math.min(MAX_WANTED_CELLS, needed)),
    };
  });
}

function omit(item: Item, fields: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !Object.hasOwn(fields, name)));
}

/** The fields that a filter may name: of two runs, also the earlier values and how much they changed. */
export function filterFields({ mode, columns, fields = [], joined }: ItemsSlice): string[] {
  const shown = columns.map(({ field }) => field);
  if (mode === 'items' || joined === undefined) return [...new Set([...shown, ...fields])];
  const own = fields.filter((field) => !isBeside(field, joined.names));
  return withBeside([...new Set([...shown, ...own])], joined);
}

/** A filter of the items that are shown. Until all of them were read once, it may name any field. */
export function parseShownFilter(text: string, slice: ItemsSlice): ItemFilter {
  return parseItemFilter(text, filterFields(slice), { mayHaveMore: slice.fields === undefined });
}

/** Each field, followed by what stands beside it in a row of two runs. */
export function withBeside(
  fields: readonly string[],
  { names, differing, numeric }: NonNullable<ItemsSlice['joined']>,
): string[] {
  return fields.flatMap((field) => [
    field,
    ...(differing.includes(field) ? [names.before + field] : []),
    ...(numeric.includes(field) ? [names.change + field] : []),
  ]);
}

/** Whether a field of a row of two runs stands beside those of the item. */
export function isBeside(field: string, { before, change }: JoinNames): boolean {
  return field.startsWith(before) || field.startsWith(change);
}

/** By how much a column changed: the largest rise first, the largest fall first, then as before. */
export function nextChangeOrder(
  { joined, table: { sort } }: ItemsSlice,
  field: string,
): ItemOrder | undefined {
  if (joined === undefined) return sort;
  const { names, numeric } = joined;
  // What is no number has no size: rows that differ come first.
  const by = (numeric.includes(field) ? names.change : names.before) + field;
  if (sort?.field !== by) return { field: by, descending: true };
  return sort.descending ? { field: by, descending: false } : undefined;
}

/** Whether the rows are in the order of a column's changes. */
export function isByChange({ joined, table: { sort } }: ItemsSlice, field: string): boolean {
  if (joined === undefined || sort === undefined) return false;
  const { before, change } = joined.names;
  return sort.field === before + field || sort.field === change + field;
}
