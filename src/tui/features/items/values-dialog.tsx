import { displayWidth } from '../../../core/lib/display-width.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { DialogOf } from '../../kernel/model.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { partBar } from '../../ui/bars.ts';
import { centerRect, Overlay, type OverlayLine } from '../../ui/components/overlay.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import { indexAfter, listMove, scrollIntoView } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { filterByValue } from './item-values.ts';
import { dispatchToItems } from './reducer.ts';

const COLUMNS = 120;
const MAX_ROWS = 30;
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
};

function rowsOf({ frequency }: Pick<DialogOf<'item_values'>, 'frequency'>): Row[] {
  if (frequency === undefined) return [];
  const { values, empty } = frequency;
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

/** How often each value of a column appears, with bars. */
export function ValuesDialog({ dialog, body }: DialogProps<'item_values'>) {
  const theme = useTheme();
  const rows = rowsOf(dialog);
  const rect = centerRect(body, COLUMNS, Math.min(MAX_ROWS, Math.max(3, rows.length + 3)));
  const inner = rect.columns - 4;
  const height = Math.max(1, rect.rows - 3);
  const top = scrollIntoView(dialog.index, 0, height, rows.length);
  const total = dialog.frequency?.rows ?? 0;
  const most = Math.max(1, ...rows.map((row) => row.rows));
  const longest = Math.max(8, ...rows.map(({ value }) => displayWidth(labelOf(value))));
  // The pointer, and the blanks between and after the figures.
  const countCells = 1 + Math.max(3, formatCount(most).length);
  const room = inner - countCells - SHARE_CELLS - 3;
  const hasBars = !theme.screenReader && inner >= 60;
  const name = Math.min(longest, hasBars ? room - MIN_BAR_CELLS - 1 : room);
  const bar = hasBars ? room - name - 1 : 0;
  const barCells = bar === 0 ? 0 : bar + 1;
  const lines = rows.slice(top, top + height).map(({ value, rows: count }, at): OverlayLine => {
    const isSelected = top + at === dialog.index;
    const pointer = isSelected ? theme.sign('pointer') : ' ';
    const share = `${((100 * count) / Math.max(1, total)).toFixed(count === total ? 0 : 1)} %`;
    const figures = `${fitTo(formatCount(count), countCells, 'right')} ${fitTo(share, SHARE_CELLS, 'right')}`;
    const drawn = barCells === 0 ? '' : ` ${partBar(Math.max(count / most, 1 / (8 * bar)), bar)}`;
    return {
      key: `${top + at}`,
      cells: inner,
      content: (
        <>
          <Text style={value === undefined ? 'faint' : 'plain'} over={isSelected ? 'selected' : undefined}>
            {fitTo(`${pointer}${fitTo(labelOf(value), name)} ${figures}`, inner - barCells)}
          </Text>
          {/* Inverse, a bar would be a hole in the selected row. */}
          <Text style="accent">{fitTo(drawn, barCells)}</Text>
        </>
      ),
    };
  });
  const head: OverlayLine = {
    key: 'head',
    cells: inner,
    content: (
      <Text style={dialog.problem === undefined ? 'faint' : 'bad'}>{fitTo(describe(dialog), inner)}</Text>
    ),
  };
  return (
    <Overlay
      rect={rect}
      title={`Values of ${sanitizeText(dialog.field)}`}
      lines={[head, ...lines]}
      scroll={{ top, height, count: rows.length, index: dialog.index }}
    />
  );
}

function describe({ frequency, problem }: DialogOf<'item_values'>): string {
  if (problem !== undefined) return problem;
  if (frequency === undefined) return 'Counting…';
  const { rows, distinct, isCut, median, empty } = frequency;
  const different = `${isCut ? 'more than ' : ''}${pluralize(distinct, 'value')}`;
  const middle = median === undefined ? '' : ` · median ${median}`;
  const without = empty === 0 ? '' : ` · ${empty.toLocaleString('en-US')} without a value`;
  return `${different} in ${pluralize(rows, 'item')}${middle}${without}`;
}
