import { Box } from 'ink';
import { memo } from 'react';
import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { fitTo, rowStarts } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { PaneProps } from '../define-feature.ts';
import {
  cellText,
  formatChangedCell,
  formatItemValue,
  ITEM_COLUMN_GAP,
  type VisibleColumn,
  visibleColumnsFrom,
} from './item-columns.ts';
import { historyLines } from './item-history.ts';
import type { ChangedItem, Item, ItemsSlice, ItemsState, RowHistory } from './model.ts';
import { ITEM_MARK_CELLS, itemAt, itemColumns, itemsTop, itemsView, rowCount } from './reducer.ts';

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
  const shown = Array.from({ length: Math.min(view.rows, rowCount(slice) - top) }, (_, index) => top + index);
  const heading = columns
    .map(({ field, cells, align }) => fitTo(sanitizeText(field), cells, align))
    .join(' '.repeat(ITEM_COLUMN_GAP));
  return (
    <Box flexDirection="column" width={rect.columns} height={rect.rows} overflow="hidden">
      <Box height={1} flexShrink={0}>
        <Text style={slice.problem === undefined ? 'faint' : 'bad'}>
          {truncateToWidth(describePosition(state.items), rect.columns)}
        </Text>
      </Box>
      <Box height={1} flexShrink={0}>
        <Text style="heading">{`${' '.repeat(ITEM_MARK_CELLS)}${heading}`}</Text>
      </Box>
      {shown.map((row) => (
        <ItemRow
          key={row}
          item={itemAt(slice, row)}
          change={slice.mode === 'changes' ? slice.changes?.rows[row] : undefined}
          names={columns.map(({ field }) => field).join('\n')}
          first={columns[0]?.index ?? 0}
          all={slice.columns}
          width={view.columns}
          selected={row === slice.row}
        />
      ))}
    </Box>
  );
}

interface ItemDetailProps {
  item: Item;
  /** The differences from an earlier run, in a comparison. */
  change: ChangedItem | undefined;
  columns: number;
  rows: number;
  /** The history of its fields. */
  history?: RowHistory | undefined;
  /** Epoch milliseconds. */
  now?: number;
}

interface Line {
  style: StyleName;
  text: string;
}

/** All fields of one item, at least one line each. Changed fields also show the old value, and fields with a history its curve. */
export function ItemDetail({ item, change, columns, rows, history, now = 0 }: ItemDetailProps) {
  const { screenReader } = useTheme();
  const lines = Object.entries(item).flatMap(([field, value]): Line[] => {
    const name = truncateToWidth(sanitizeText(field), Math.max(4, Math.floor(columns / 3)));
    const past = historyLines(history, field, { columns, now, hasCurve: !screenReader });
    return [
      { style: 'heading', text: name },
      ...valueLines(field, value, change, columns),
      ...past.map(
        ({ isCurve, text }): Line => ({
          style: isCurve ? 'good' : 'faint',
          text: isCurve ? text : truncateToWidth(text, columns),
        }),
      ),
    ];
  });
  const fitting = lines.length <= rows ? lines : lines.slice(0, rows - 1);
  const left = lines.length - fitting.length;
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {fitting.map(({ style, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an item have no other name
        <Box key={index} height={1} flexShrink={0}>
          <Text style={style} verbatim>
            {text}
          </Text>
        </Box>
      ))}
      {left > 0 && (
        <Box height={1} flexShrink={0}>
          <Text style="faint">
            {truncateToWidth(`${pluralize(left, 'more line')}: o shows all in $PAGER`, columns)}
          </Text>
        </Box>
      )}
    </Box>
  );
}

function valueLines(field: string, value: unknown, change: ChangedItem | undefined, columns: number): Line[] {
  if (change?.kind !== 'changed' || !Object.hasOwn(change.before, field))
    return textLines('  ', value, 'plain', columns);
  return [
    ...textLines('- ', change.before[field], 'bad', columns),
    ...textLines('+ ', value, 'good', columns),
  ];
}

function textLines(sign: string, value: unknown, style: StyleName, columns: number): Line[] {
  const text = formatItemValue(value);
  const starts = rowStarts(text, Math.max(1, columns - sign.length));
  return starts.map((start, index) => ({ style, text: `${sign}${text.slice(start, starts[index + 1])}` }));
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
}

const ItemRow = memo(function ItemRow({ item, change, first, all, width, selected }: RowProps) {
  const theme = useTheme();
  const over = selected ? 'selected' : undefined;
  const columns = visibleColumnsFrom(all, first, width);
  const kind = change && KINDS[change.kind];
  if (theme.screenReader && item !== undefined) {
    const spokenCells = columns.map(
      (column) => `${column.field}: ${fitChangedCell(column, item, change).text.trim()}`,
    );
    const words = [...(kind === undefined ? [] : [kind.label]), ...spokenCells].join(', ');
    return (
      <Box height={1} flexShrink={0}>
        <Text over={over}>{`${selected ? theme.sign('pointer') : ''}${words}`}</Text>
      </Box>
    );
  }
  return (
    <Box height={1} flexShrink={0}>
      <Text over={over}>{selected ? theme.sign('pointer') : ' '}</Text>
      <Text style={kind?.style ?? 'plain'} over={over}>{` ${kind?.sign ?? ' '} `}</Text>
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

function describePosition({ slice, withRunId }: ItemsState): string {
  const { mode, total, changes, problem, row } = slice;
  if (problem !== undefined) return problem;
  if (mode === 'items') {
    if (total === undefined) return 'Reading the items…';
    return total === 0
      ? 'The run has no items.'
      : `${(row + 1).toLocaleString('en-US')} of ${pluralize(total, 'item')}`;
  }
  if (changes === undefined) return `Comparing with ${withRunId ?? 'the previous run'}…`;
  const { added, removed, changed, unchanged } = changes.counts;
  const counts = `${added} added, ${removed} removed, ${changed} changed, ${unchanged} the same as in ${changes.withRunId}`;
  const by = changes.key === null ? ', compared as a whole' : `, by ${sanitizeText(changes.key)}`;
  const rules = changes.rules.length === 0 ? '' : `, without what the configuration leaves out`;
  return `${counts}${by}${rules}${changes.isPart ? `; the first ${changes.rows.length} are shown` : ''}`;
}
