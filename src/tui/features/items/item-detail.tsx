import { Box } from 'ink';
import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { State } from '../../kernel/model.ts';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { type Input, keyOf, wheelRows } from '../../ui/input.ts';
import { computeLayout } from '../../ui/layout.ts';
import { clamp, describeHidden } from '../../ui/scroll.ts';
import { rowStarts } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { formatItemValue } from './item-columns.ts';
import { CURVE_ROWS, historyLines } from './item-history.ts';
import { itemAt } from './item-table.ts';
import { toChangedItem } from './joined-rows.ts';
import { missingSign, requiredOf } from './missing-values.ts';
import type { ChangedItem, Item, ItemsEvent, RowHistory } from './model.ts';

interface ItemDetailProps {
  item: Item;
  /** The differences from an earlier run, in a comparison. */
  change: ChangedItem | undefined;
  /** The fields that each item must have. */
  required: readonly string[];
  columns: number;
  rows: number;
  /** The history of its fields. */
  history?: RowHistory | undefined;
  /** Epoch milliseconds. */
  now?: number;
  timezone?: string;
  /** How many lines are above those in sight. */
  top?: number;
}

interface Line {
  style: StyleName;
  text: string;
  isCurve?: boolean;
  /** What stands before the text, at the axis of a curve. */
  axis?: string | undefined;
}

/** What the detail of the selected item shows in a rectangle; `undefined` while the table is shown. */
export function itemDetailOf(
  state: State,
  { columns, rows }: { columns: number; rows: number },
): ItemDetailProps | undefined {
  const { slice, history } = state.items;
  const item = itemAt(slice, slice.row);
  if (!slice.open || item === undefined) return undefined;
  const beside = slice.mode === 'changes' ? slice.joined?.names : undefined;
  const change = beside && toChangedItem(item, beside);
  return {
    item: change?.item ?? item,
    change,
    required: requiredOf(state),
    columns,
    rows,
    now: state.now,
    timezone: state.timezone,
    history: history?.row,
    top: slice.scrolled,
  };
}

/** All fields of one item, at least one line each. Changed fields also show the old value, and fields with a history its curve. */
function itemLines(props: ItemDetailProps, hasCurve: boolean): readonly Line[] {
  const { item, change, required, columns, rows, history, now = 0, timezone = 'UTC' } = props;
  const linesWith = (curveRows: number) =>
    Object.entries(item).flatMap(([field, value]): Line[] => {
      const name = truncateToWidth(sanitizeText(field), Math.max(4, Math.floor(columns / 3)));
      const past = historyLines(history, field, { columns, rows: curveRows, now, timezone, hasCurve });
      return [
        { style: 'heading', text: name },
        ...orMissing(valueLines(field, value, change, columns), required.includes(field)),
        ...past.map(
          ({ isCurve, axis, text }): Line => ({
            style: isCurve ? 'accent' : 'faint',
            text: isCurve ? text : truncateToWidth(text, columns),
            isCurve,
            axis,
          }),
        ),
      ];
    });
  const { least, most } = CURVE_ROWS;
  const low = linesWith(least);
  const curves = low.filter(({ isCurve }) => isCurve).length / least;
  const more = curves === 0 ? 0 : Math.max(0, Math.floor((rows - low.length) / curves));
  return more === 0 ? low : linesWith(Math.min(most, least + more));
}

/** How many lines of an item are out of sight, above or below; 0 if all have room. */
function hiddenLines(lines: readonly Line[], rows: number): number {
  // One line says how many they are.
  return lines.length <= rows ? 0 : lines.length - Math.max(1, rows - 1);
}

/** The keys that scroll an item with more lines than the screen, and by how many of its rows. */
const SCROLL_KEYS: Readonly<Record<string, (rows: number) => number>> = {
  pagedown: (rows) => rows - 1,
  pageup: (rows) => 1 - rows,
  'ctrl+d': (rows) => Math.ceil(rows / 2),
  'ctrl+u': (rows) => -Math.ceil(rows / 2),
};

/**
 * Shows the whole item from another line on; `undefined` if the input does not scroll it. Of an item that has room, these
 * keys go to others.
 */
export function scrollEvent(state: State, input: Input): ItemsEvent | undefined {
  const { main } = computeLayout(state, { hasSide: false, pane: 'main' });
  const by = wheelRows(input) || (SCROLL_KEYS[keyOf(input)]?.(main.rows) ?? 0);
  const detail = by === 0 ? undefined : itemDetailOf(state, main);
  if (detail === undefined) return undefined;
  const most = hiddenLines(itemLines(detail, !state.linear), main.rows);
  return most === 0 ? undefined : { kind: 'open', to: clamp(state.items.slice.scrolled + by, 0, most) };
}

/** A whole item. Where it has no room, the last line says how much of it is out of sight. */
export function ItemDetail(props: ItemDetailProps) {
  const { columns, rows } = props;
  const theme = useTheme();
  const lines = itemLines(props, !theme.screenReader);
  const most = hiddenLines(lines, rows);
  const top = clamp(props.top ?? 0, 0, most);
  const fitting = most === 0 ? lines : lines.slice(top, top + Math.max(1, rows - 1));
  const hidden = describeHidden({ top, height: fitting.length, count: lines.length }, theme);
  const key = top < most ? 'PgDn' : 'PgUp';
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {fitting.map(({ style, text, axis }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an item have no other name
        <Box key={index} height={1} flexShrink={0}>
          {axis !== undefined && (
            <Text style="faint" verbatim>
              {axis}
            </Text>
          )}
          <Text style={style} verbatim>
            {text}
          </Text>
        </Box>
      ))}
      {hidden !== '' && (
        <Box height={1} flexShrink={0}>
          <Text style="faint">{truncateToWidth(`${hidden}: ${key} scrolls, o opens $PAGER`, columns)}</Text>
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

/** The lines of a value, or a sign in place of a blank one. */
function orMissing(lines: Line[], isRequired: boolean): Line[] {
  if (lines.some(({ text }) => text.trim() !== '')) return lines;
  const { text, style } = missingSign(isRequired);
  return [{ style, text: `  ${text}` }];
}

function textLines(sign: string, value: unknown, style: StyleName, columns: number): Line[] {
  const text = formatItemValue(value);
  const starts = rowStarts(text, Math.max(1, columns - sign.length));
  return starts.map((start, index) => ({ style, text: `${sign}${text.slice(start, starts[index + 1])}` }));
}
