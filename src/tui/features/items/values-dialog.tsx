import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import type { DialogOf } from '../../kernel/model.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { partBar } from '../../ui/bars.ts';
import {
  boxColumns,
  centerRect,
  Overlay,
  type OverlayLine,
  rowInBox,
  textLine,
} from '../../ui/components/overlay.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import type { Rect } from '../../ui/layout.ts';
import { indexAfter, listMove, scrollIntoView } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { StyleName } from '../../ui/theme.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { aboutColumn } from './about-column.ts';
import { filterByValue } from './item-values.ts';
import { dispatchToItems } from './reducer.ts';

const COLUMNS = 120;
const MAX_ROWS = 30;
/** On a small screen the values have more room than what is said of the column. */
const MIN_VALUES = 4;
const MIN_BAR_CELLS = 12;
const SHARE_CELLS = 6;

interface Row {
  /** `undefined` for the rows without a value. */
  value: string | undefined;
  rows: number;
}

/** Enter shows only the rows with the value, `x` all others. */
export const valuesRules: DialogRules<'item_values'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'q' || key === 'F') return closeDialog(state);
    const rows = rowsOf(dialog);
    const selected = rows[dialog.index];
    if ((key === 'enter' || key === 'x') && selected !== undefined) {
      const { value } = selected;
      const { text } = state.items.slice.table.filter;
      const filter = filterByValue(text, dialog.field, { value, negated: key === 'x' });
      const { state: closed } = closeDialog(state);
      return dispatchToItems(closed, { kind: 'table', change: { kind: 'filter', text: filter } });
    }
    const moved = listMove(input);
    if (moved === undefined) return step(state);
    return step({ ...state, dialog: { ...dialog, index: indexAfter(dialog.index, moved, rows.length) } });
  },
  rowAt: (_, dialog, click, body) => rowInBox(valuesBox(dialog, body), click),
};

/** The list, below what is said `about` the column. */
function valuesBox(dialog: DialogOf<'item_values'>, body: Rect) {
  const count = rowsOf(dialog).length;
  const most = Math.max(1, body.rows - 2 - MIN_VALUES);
  const about = aboutColumn(dialog, boxColumns(body, COLUMNS) - 4).slice(0, most);
  const rect = centerRect(body, COLUMNS, Math.min(MAX_ROWS, Math.max(1, count) + about.length + 2));
  const height = Math.max(1, rect.rows - about.length - 2);
  const top = scrollIntoView(dialog.index, 0, height, count);
  return { rect, about, above: about.length, top, height, count };
}

function rowsOf({ frequency }: Pick<DialogOf<'item_values'>, 'frequency'>): Row[] {
  if (frequency === undefined) return [];
  const { values, rows: all, filled } = frequency;
  const empty = all - filled;
  const none: Row[] = empty === 0 ? [] : [{ value: undefined, rows: empty }];
  return [...none, ...values.map(({ text, rows }) => ({ value: text, rows }))];
}

export function hasValues(dialog: DialogOf<'item_values'>): boolean {
  return rowsOf(dialog).length > 0;
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

function labelOf(value: string | undefined): string {
  return value === undefined ? '(no value)' : sanitizeText(value);
}

/** A line between two figures; none for a screen reader. */
function Rule({ over }: { over: StyleName | undefined }) {
  return (
    <Text style="rule" over={over}>
      {useTheme().screenReader ? ' ' : '│ '}
    </Text>
  );
}

/** What a column holds and where it comes from, and how often each of its values appears, with bars. */
export function ValuesDialog({ dialog, body }: DialogProps<'item_values'>) {
  const theme = useTheme();
  const rows = rowsOf(dialog);
  const { rect, about, top, height } = valuesBox(dialog, body);
  const inner = rect.columns - 4;
  const total = dialog.frequency?.rows ?? 0;
  const most = Math.max(1, ...rows.map((row) => row.rows));
  const longest = Math.max(8, ...rows.map(({ value }) => displayWidth(labelOf(value))));
  const countCells = Math.max(3, formatCount(most).length);
  // The pointer, and two lines with a blank before each figure.
  const room = inner - countCells - SHARE_CELLS - 5;
  // Where each value appears once, equal bars would say nothing.
  const hasBars = !theme.screenReader && inner >= 60 && most > 1;
  const name = Math.min(longest, hasBars ? room - MIN_BAR_CELLS - 1 : room);
  const bar = hasBars ? room - name - 1 : 0;
  const lines = rows.slice(top, top + height).map(({ value, rows: count }, at): OverlayLine => {
    const isSelected = top + at === dialog.index;
    const over = isSelected ? 'selected' : undefined;
    const pointer = isSelected ? theme.sign('pointer') : ' ';
    const share = `${((100 * count) / Math.max(1, total)).toFixed(count === total ? 0 : 1)} %`;
    return {
      key: `${top + at}`,
      cells: inner,
      content: (
        <>
          <Text style={value === undefined ? 'faint' : 'plain'} over={over}>
            {pointer + fitTo(labelOf(value), name)}
          </Text>
          <Rule over={over} />
          <Text over={over}>{fitTo(formatCount(count), countCells, 'right')}</Text>
          <Rule over={over} />
          <Text over={over}>{fitTo(share, SHARE_CELLS, 'right')}</Text>
          {bar > 0 && (
            <>
              <Text style="rule">│</Text>
              {/* Inverse, a bar would be a hole in the selected row. */}
              <Text style="accent">{fitTo(partBar(Math.max(count / most, 1 / (8 * bar)), bar), bar)}</Text>
            </>
          )}
          {bar === 0 && <Text over={over}>{' '.repeat(Math.max(0, room - name))}</Text>}
        </>
      ),
    };
  });
  const style = dialog.problem === undefined ? 'faint' : 'bad';
  const head = about.map((text, at) => textLine(`about ${at}`, text, style, inner));
  return (
    <Overlay
      rect={rect}
      title={`Values of ${sanitizeText(dialog.field)}`}
      lines={[...head, ...lines]}
      scroll={{ top, height, count: rows.length, index: dialog.index }}
    />
  );
}
