import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import { textWidth } from '../../ui/text/fit.ts';
import { formatItemValue, itemColumnsOf, MAX_COLUMN_CELLS } from './item-columns.ts';
import type { ChangedItem, ItemChanges, ItemColumn } from './model.ts';

/** The output of `compare_runs` as rows, in its order: changed items first. */
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
    counts: { added, removed, changed, unchanged },
    rows,
    isPart: rows.length < added + removed + changed,
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
      (max, row) => Math.max(max, textWidth(formatChangedCell(row, column.field).text)),
      0,
    );
    return { ...column, cells: Math.max(column.cells, Math.min(MAX_COLUMN_CELLS, widest)) };
  });
}
