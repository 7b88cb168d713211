import type { ColumnFigures, CountedColumns } from '../../../core/items/column-figures.ts';
import { NO_DAMAGE } from '../../../core/items/damaged-lines.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { MAX_COLUMN_CELLS } from './item-columns.ts';
import { arrangeColumns, shownItems, toRowQuery } from './item-table.ts';
import { isBeside } from './joined-rows.ts';
import type { ItemColumn, ItemsSlice, ItemsStep, ItemTable } from './model.ts';

const BEING_COUNTED: ItemTable['figures'] = new Map();

/**
 * Requests the figures of the columns once, when the items that they are about are shown. Where a filter shows none, they
 * are requested all the same until all fields are known.
 */
export function withFigures({ slice, requests }: ItemsStep): ItemsStep {
  const { table, total = 0, all, asks, columns, fields } = slice;
  const hasColumns = total > 0 && columns.length > 0;
  const isFieldMissing = all > 0 && fields === undefined;
  if (table.figures !== undefined || !(hasColumns || isFieldMissing)) return { slice, requests };
  const counting = { ...slice, table: { ...table, figures: BEING_COUNTED } };
  const { terms, rows } = toRowQuery(slice);
  const counted = { terms, asks, ...(rows !== undefined && { rows }) };
  return { slice: counting, requests: [...requests, { kind: 'count', ...counted }] };
}

/** Other rows are read before those that are being counted, so that these will not be. */
export function withoutBegunCount(table: ItemTable): ItemTable {
  return table.figures === BEING_COUNTED ? { ...table, figures: undefined } : table;
}

/** Takes figures over. Fields that no item in memory has become columns as well, after the others. */
export function withCounted(
  slice: ItemsSlice,
  { figures, fields = slice.fields, damaged = NO_DAMAGE }: CountedColumns,
): ItemsSlice {
  // Of marked items only, the others are not read.
  const known = slice.table.only === undefined ? damaged : slice.damaged;
  const total = shownItems({ ...slice, damaged: known });
  const byField = new Map(figures.map((one) => [one.field, one]));
  const table = { ...slice.table, figures: byField };
  const counted = slice.columns.map((column) =>
    (byField.get(column.field)?.filled ?? total) < total ? { ...column, hasGaps: true } : column,
  );
  const columns = [...counted, ...furtherColumns(slice, figures)];
  return { ...slice, table, fields, damaged: known, columns, arranged: arrangeColumns(columns, table) };
}

function furtherColumns(
  { columns, mode, joined }: ItemsSlice,
  figures: readonly ColumnFigures[],
): ItemColumn[] {
  const names = new Set(columns.map(({ field }) => field));
  const isOwn = (field: string) => mode === 'items' || joined === undefined || !isBeside(field, joined.names);
  return figures
    .filter(({ field }) => !names.has(field) && isOwn(field))
    .map(({ field, filled, numbers }): ItemColumn => {
      const cells = Math.min(MAX_COLUMN_CELLS, displayWidth(sanitizeText(field)));
      const align = numbers === filled ? 'right' : 'left';
      return { field, cells, wanted: cells, align, hasGaps: true };
    });
}
