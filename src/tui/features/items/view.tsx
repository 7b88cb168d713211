import { Box } from 'ink';
import { memo } from 'react';
import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import {
  cellText,
  formatChangedCell,
  ITEM_COLUMN_GAP,
  type VisibleColumn,
  visibleColumnsFrom,
} from './item-columns.ts';
import { ItemDetail } from './item-detail.tsx';
import { numberAt } from './item-table.ts';
import type { ChangedItem, Item, ItemsSlice } from './model.ts';
import { itemAt, itemColumns, itemsTop, itemsView, rowCount } from './reducer.ts';
import { ColumnTitles, describePosition, ItemsFoot, isSame } from './table-lines.tsx';

/** The items of a run, or their differences from an earlier run. */
export function Items({ state, rect }: PaneProps) {
  const { slice } = state.items;
  const view = itemsView(state);
  const columns = itemColumns(slice, view);
  const top = itemsTop(slice, view);
  const item = itemAt(slice, slice.row);
  if (slice.open && item !== undefined)
    return (
      <ItemDetail
        item={item}
        change={slice.mode === 'changes' ? slice.changes?.rows[slice.row] : undefined}
        columns={rect.columns}
        rows={rect.rows}
        history={state.items.history?.row}
        now={state.now}
      />
    );
  const shown = Array.from(
    { length: Math.max(0, Math.min(view.rows, rowCount(slice) - top)) },
    (_, index) => top + index,
  );
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box height={1} flexShrink={0}>
        <Text style={slice.problem === undefined ? 'faint' : 'bad'}>
          {truncateToWidth(describePosition(state.items), rect.columns)}
        </Text>
      </Box>
      {!showsNoChange(slice) && <ColumnTitles slice={slice} columns={columns} />}
      {shown.map((row) => (
        <ItemRow
          key={row}
          item={itemAt(slice, row)}
          change={slice.mode === 'changes' ? slice.changes?.rows[row] : undefined}
          names={columns.map(({ field }) => field).join('\n')}
          first={columns[0]?.index ?? 0}
          all={slice.arranged}
          width={view.columns}
          selected={row === slice.row}
          marked={isMarked(slice, row)}
        />
      ))}
      <Box flexGrow={1} />
      <ItemsFoot slice={slice} columns={rect.columns} />
    </Box>
  );
}

/** There is no change to show below the titles. */
function showsNoChange({ mode, changes }: ItemsSlice): boolean {
  return mode === 'changes' && changes !== undefined && isSame(changes);
}

const KINDS: Record<ChangedItem['kind'], { sign: string; label: string; style: StyleName }> = {
  added: { sign: '+', label: 'added', style: 'good' },
  removed: { sign: '-', label: 'removed', style: 'bad' },
  changed: { sign: '~', label: 'changed', style: 'warning' },
};

interface RowProps {
  item: Item | undefined;
  change: ChangedItem | undefined;
  /** The names of the columns in sight. */
  names: string;
  first: number;
  all: ItemsSlice['columns'];
  width: number;
  selected: boolean;
  marked: boolean;
}

const ItemRow = memo(function ItemRow({ item, change, first, all, width, selected, marked }: RowProps) {
  const theme = useTheme();
  const over = selected ? 'selected' : undefined;
  const columns = visibleColumnsFrom(all, first, width);
  const kind = change && KINDS[change.kind];
  if (theme.screenReader && item !== undefined) {
    const spokenCells = columns.map(
      (column) => `${column.field}: ${fitChangedCell(column, item, change).text.trim()}`,
    );
    const words = [...(kind === undefined ? [] : [kind.label]), ...spokenCells].join(', ');
    const signs = `${selected ? theme.sign('pointer') : ''}${marked ? theme.sign('mark') : ''}`;
    return (
      <Box height={1} flexShrink={0}>
        <Text over={over}>{`${signs}${words}`}</Text>
      </Box>
    );
  }
  return (
    <Box height={1} flexShrink={0}>
      <Text over={over}>{selected ? theme.sign('pointer') : ' '}</Text>
      <Text style={kind?.style ?? (marked ? 'accent' : 'plain')} over={over}>
        {` ${kind?.sign ?? (marked ? theme.sign('mark') : ' ')} `}
      </Text>
      {item === undefined ? (
        <Text style="faint">…</Text>
      ) : (
        columns.map((column, index) => (
          <ItemCell
            key={column.field}
            column={column}
            gap={index === 0 ? 0 : ITEM_COLUMN_GAP}
            item={item}
            change={change}
            over={over}
          />
        ))
      )}
    </Box>
  );
});

interface CellProps {
  column: VisibleColumn;
  gap: number;
  item: Item;
  change: ChangedItem | undefined;
  over: StyleName | undefined;
}

function ItemCell({ column, gap, item, change, over }: CellProps) {
  const { text, isChanged } = fitChangedCell(column, item, change);
  return (
    <Text style={isChanged ? 'warning' : 'plain'} over={over}>
      {' '.repeat(gap) + text}
    </Text>
  );
}

/** The text of a cell in its width: the value, or the old and the new value. */
function fitChangedCell(column: VisibleColumn, item: Item, change: ChangedItem | undefined) {
  const changed = change === undefined ? undefined : formatChangedCell(change, column.field);
  return changed?.changed
    ? { text: fitTo(changed.text, column.cells), isChanged: true }
    : { text: cellText(item[column.field], column), isChanged: false };
}

function isMarked(slice: ItemsSlice, row: number): boolean {
  const number = slice.mode === 'items' ? numberAt(slice, row) : undefined;
  return number !== undefined && slice.table.marked.has(number);
}
