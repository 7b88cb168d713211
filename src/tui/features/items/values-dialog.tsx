import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { DialogOf } from '../../kernel/model.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine } from '../../ui/components/overlay.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import { indexAfter, listMove, scrollIntoView } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { filterByValue } from './item-values.ts';
import { dispatchToItems } from './reducer.ts';

const COLUMNS = 90;
const MAX_ROWS = 30;
const BAR_CELLS = 20;
const COUNT_CELLS = 9;
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
  const bar = inner >= 60 ? BAR_CELLS : 0;
  const barCells = theme.screenReader || bar === 0 ? 0 : bar + 1;
  const name = Math.max(8, inner - COUNT_CELLS - SHARE_CELLS - bar - 4);
  const lines = rows.slice(top, top + height).map(({ value, rows: count }, at): OverlayLine => {
    const isSelected = top + at === dialog.index;
    const pointer = isSelected ? theme.sign('pointer') : ' ';
    const label = value === undefined ? '(no value)' : sanitizeText(value);
    const share = `${((100 * count) / Math.max(1, total)).toFixed(count === total ? 0 : 1)} %`;
    const figures = `${fitTo(count.toLocaleString('en-US'), COUNT_CELLS, 'right')} ${fitTo(share, SHARE_CELLS, 'right')}`;
    const drawn = barCells === 0 ? '' : ` ${'█'.repeat(Math.ceil((bar * count) / most))}`;
    return {
      key: `${top + at}`,
      cells: inner,
      content: (
        <>
          <Text style={value === undefined ? 'faint' : 'plain'} over={isSelected ? 'selected' : undefined}>
            {fitTo(`${pointer}${fitTo(label, name)} ${figures}`, inner - barCells)}
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
  return <Overlay rect={rect} title={`Values of ${sanitizeText(dialog.field)}`} lines={[head, ...lines]} />;
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
