import { Box } from 'ink';
import { memo } from 'react';
import { displayWidth, truncateToWidth } from '../../../core/lib/display-width.ts';
import type { JoinNames } from '../../../core/quality/join-items.ts';
import { SpokenList } from '../../ui/components/spoken-list.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { wrapText } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import { comparableRuns } from './comparable-runs.ts';
import { describeBeyond, describePosition, standsAlone } from './describe-position.ts';
import {
  columnRule,
  fitChange,
  formatChangedCell,
  formatItemValue,
  type VisibleColumn,
  visibleColumnsFrom,
} from './item-columns.ts';
import { ItemDetail, itemDetailOf } from './item-detail.tsx';
import { itemAt, numberAt } from './item-table.ts';
import { toChangedItem } from './joined-rows.ts';
import { itemCell, requiredOf } from './missing-values.ts';
import type { ChangedItem, Item, ItemColumn, ItemsSlice } from './model.ts';
import {
  firstColumn,
  ITEM_MARK_CELLS,
  itemColumns,
  itemsTop,
  itemsView,
  linesBelow,
  rowCount,
} from './reducer.ts';
import { ColumnTitles, ItemsFoot } from './table-lines.tsx';

/** The items of a run, or their differences from an earlier run. */
export function Items({ state, rect }: PaneProps) {
  const { screenReader, sign } = useTheme();
  const { slice } = state.items;
  const view = itemsView(state);
  const columns = itemColumns(slice, view);
  const first = firstColumn(slice, view);
  const top = itemsTop(slice, view);
  const beside = slice.mode === 'changes' ? slice.joined?.names : undefined;
  const required = requiredOf(state);
  const spoken = slice.arranged.filter(
    (column, index) => index >= first || columns.some(({ field }) => field === column.field),
  );
  const detail = itemDetailOf(state, rect);
  if (detail !== undefined) return <ItemDetail {...detail} />;
  const isAlone = standsAlone(slice);
  const said = describePosition(state.items);
  const style = slice.problem === undefined ? 'faint' : 'bad';
  const beyond = describeBeyond(slice.arranged.length, columns);
  const room = beyond === '' ? rect.columns : rect.columns - displayWidth(beyond) - 2;
  const shown = Array.from(
    { length: Math.max(0, Math.min(view.rows, rowCount(slice) - top)) },
    (_, index) => top + index,
  );
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      {isAlone ? (
        <WrappedText text={said} style={style} columns={rect.columns} />
      ) : (
        <Box height={1} flexShrink={0}>
          <Text style={style}>{truncateToWidth(said, room)}</Text>
          {screenReader && beyond !== '' ? <Text>, </Text> : <Box flexGrow={1} />}
          <Text style="key">{beyond}</Text>
        </Box>
      )}
      {isAlone && slice.mode === 'changes' && comparableRuns(state).length > 0 && (
        <WrappedText
          text="C chooses another run to compare with; c shows the items of this one."
          style="faint"
          columns={rect.columns}
        />
      )}
      {!isAlone && <ColumnTitles slice={slice} columns={columns} required={required} width={rect.columns} />}
      {screenReader && (
        <SpokenList
          texts={shown.map((row) => {
            const before = `${row === slice.row ? sign('pointer') : ''}${isMarked(slice, row) ? sign('mark') : ''}`;
            return before + itemSentence(itemAt(slice, row), spoken, beside);
          })}
          selected={shown.indexOf(slice.row)}
          columns={rect.columns}
          rows={view.rows}
        />
      )}
      {(screenReader ? [] : shown).map((row) => (
        <ItemRow
          key={row}
          item={itemAt(slice, row)}
          beside={beside}
          names={columns.map(({ field }) => field).join('\n')}
          required={required.join('\n')}
          first={first}
          all={slice.arranged}
          width={view.columns}
          selected={row === slice.row}
          marked={isMarked(slice, row)}
        />
      ))}
      <Box flexGrow={1} />
      <ItemsFoot slice={slice} columns={rect.columns} lines={linesBelow(state)} />
    </Box>
  );
}

function WrappedText({ text, style, columns }: { text: string; style: StyleName; columns: number }) {
  return wrapText(text, columns).map((line) => (
    <Box key={line} height={1} flexShrink={0}>
      <Text style={style}>{line}</Text>
    </Box>
  ));
}

const KINDS: Record<ChangedItem['kind'], { sign: string; label: string; style: StyleName }> = {
  added: { sign: '+', label: 'added', style: 'good' },
  removed: { sign: '-', label: 'removed', style: 'bad' },
  changed: { sign: '~', label: 'changed', style: 'warning' },
  same: { sign: ' ', label: 'same', style: 'plain' },
  ignored: { sign: ' ', label: 'ignored', style: 'plain' },
};

interface RowProps {
  item: Item | undefined;
  /** Of two runs side by side: the names of what stands beside the item's fields. */
  beside: JoinNames | undefined;
  /** The names of the columns in sight. */
  names: string;
  /** The names of the fields that each item must have. */
  required: string;
  first: number;
  all: ItemsSlice['columns'];
  width: number;
  selected: boolean;
  marked: boolean;
}

const ItemRow = memo(function ItemRow(props: RowProps) {
  const { item: row, beside, required, first, all, width, selected, marked } = props;
  const theme = useTheme();
  const over = selected ? 'selected' : undefined;
  const mark = marked ? theme.sign('mark') : ' ';
  const columns = visibleColumnsFrom(all, first, width);
  const rule = columnRule(columns, width);
  const change = row && beside && toChangedItem(row, beside);
  const item = change?.item ?? row;
  const kind = change && KINDS[change.kind];
  return (
    <Box height={1} flexShrink={0}>
      {selected || marked || kind !== undefined ? (
        <>
          <Text style="pointer" over={over}>
            {selected ? theme.sign('pointer') : ' '}
          </Text>
          <Text style="accent" over={over}>
            {kind === undefined ? ` ${mark}` : mark}
          </Text>
          <Text style={kind?.style ?? 'plain'} over={over}>
            {kind === undefined ? ' ' : `${kind.sign} `}
          </Text>
        </>
      ) : (
        <Text>{' '.repeat(ITEM_MARK_CELLS)}</Text>
      )}
      {item === undefined ? (
        <Text style="faint">…</Text>
      ) : (
        columns.map((column, index) => (
          <ItemCell
            key={column.field}
            column={column}
            rule={index === 0 ? '' : rule}
            item={item}
            change={change}
            isRequired={required.split('\n').includes(column.field)}
            over={over}
          />
        ))
      )}
    </Box>
  );
});

interface CellProps {
  column: VisibleColumn;
  /** What stands before it. */
  rule: string;
  item: Item;
  change: ChangedItem | undefined;
  isRequired: boolean;
  over: StyleName | undefined;
}

function ItemCell({ column, rule, item, change, isRequired, over }: CellProps) {
  const { text, style } = fitChangedCell(column, item, change, isRequired);
  return (
    <>
      {rule !== '' && (
        <Text style="rule" over={over}>
          {rule}
        </Text>
      )}
      <Text style={style} over={over}>
        {text}
      </Text>
    </>
  );
}

/** The text of a cell in its width: the value, or the old and the new value. */
function fitChangedCell(
  column: VisibleColumn,
  item: Item,
  change: ChangedItem | undefined,
  isRequired: boolean,
): { text: string; style: StyleName } {
  return isChangedIn(column, change)
    ? { text: fitChange(change, column), style: 'warning' }
    : itemCell(item[column.field], column, isRequired);
}

/** An item as a sentence, for screen readers: what each value is. */
function itemSentence(
  row: Item | undefined,
  columns: readonly ItemColumn[],
  beside: JoinNames | undefined,
): string {
  if (row === undefined) return 'still being read';
  const change = beside && toChangedItem(row, beside);
  const isNamed = columns.some(({ field }) => field === beside?.kind);
  const kind = change === undefined || isNamed ? [] : [KINDS[change.kind].label];
  const values = columns.map(({ field }) => {
    const text = change === undefined ? formatItemValue(row[field]) : formatChangedCell(change, field).text;
    return `${field}: ${text.trim() || 'no value'}`;
  });
  return [...kind, ...values].join(', ');
}

function isChangedIn(
  { field }: Pick<ItemColumn, 'field'>,
  change: ChangedItem | undefined,
): change is ChangedItem {
  return change !== undefined && Object.hasOwn(change.before, field);
}

function isMarked(slice: ItemsSlice, row: number): boolean {
  const number = numberAt(slice, row);
  return number !== undefined && slice.table.marked.has(number);
}
