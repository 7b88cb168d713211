import { Box } from 'ink';
import { truncateToWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { rowStarts } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import { formatItemValue } from './item-columns.ts';
import { CURVE_ROWS, historyLines } from './item-history.ts';
import { missingSign } from './missing-values.ts';
import type { ChangedItem, Item, RowHistory } from './model.ts';

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
}

interface Line {
  style: StyleName;
  text: string;
  isCurve?: boolean;
  /** What stands before the text, at the axis of a curve. */
  axis?: string | undefined;
}

/** All fields of one item, at least one line each. Changed fields also show the old value, and fields with a history its curve. */
export function ItemDetail(props: ItemDetailProps) {
  const { item, change, required, columns, rows, history, now = 0, timezone = 'UTC' } = props;
  const { screenReader } = useTheme();
  const linesWith = (curveRows: number) =>
    Object.entries(item).flatMap(([field, value]): Line[] => {
      const name = truncateToWidth(sanitizeText(field), Math.max(4, Math.floor(columns / 3)));
      const past = historyLines(history, field, {
        columns,
        rows: curveRows,
        now,
        timezone,
        hasCurve: !screenReader,
      });
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
  const lines = more === 0 ? low : linesWith(Math.min(most, least + more));
  const fitting = lines.length <= rows ? lines : lines.slice(0, rows - 1);
  const left = lines.length - fitting.length;
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
