import type { ColumnDescription } from '../../../core/items/describe-columns.ts';
import { sanitizeText } from '../../../core/lib/sanitize-text.ts';
import { pluralize } from '../../../core/lib/text.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine } from '../../ui/components/overlay.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import { indexAfter, listMove, overlayRows, scrollIntoView } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { formatNumber } from './describe-position.ts';
import { cursorColumn } from './item-table.ts';
import { dispatchToItems } from './reducer.ts';

const MAX_COLUMNS = 118;
const MIN_NAME_CELLS = 10;
const MAX_NAME_CELLS = 32;
/** The figures beside the name, with their widths on a narrow and on a wide screen. */
const FIGURES = [
  ['type', 6, 7],
  ['filled', 6, 6],
  ['distinct', 8, 10],
  ['lowest', 8, 12],
  ['median', 8, 12],
  ['mean', 8, 12],
  ['highest', 8, 12],
] as const;

/** Enter goes to the column. */
export const columnsRules: DialogRules<'item_columns'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'q' || key === 'I') return closeDialog(state);
    const columns = dialog.described?.columns ?? [];
    const selected = columns[dialog.index];
    if (key === 'enter' && selected !== undefined) {
      const { state: closed } = closeDialog(state);
      const { slice } = closed.items;
      const at = slice.arranged.findIndex(({ field }) => field === selected.field);
      return at < 0
        ? step(closed)
        : dispatchToItems(closed, { kind: 'column', by: at - cursorColumn(slice) });
    }
    const moved = listMove(input);
    if (moved === undefined) return step(state);
    return step({ ...state, dialog: { ...dialog, index: indexAfter(dialog.index, moved, columns.length) } });
  },
};

/** A row a column: what it holds, how often it has a value, and the figures of its numbers. */
export function ColumnsDialog({ state, dialog, body }: DialogProps<'item_columns'>) {
  const theme = useTheme();
  const { described, problem, index } = dialog;
  const columns = described?.columns ?? [];
  const height = Math.max(1, Math.min(columns.length, overlayRows(state) - 2));
  const rect = centerRect(body, MAX_COLUMNS, height + 4);
  const inner = rect.columns - 4;
  const widths = FIGURES.map(([, narrow, wide]) => (inner >= 110 ? wide : narrow));
  const rest = inner - 1 - widths.reduce((sum, cells) => sum + cells + 1, 0);
  const name = Math.max(MIN_NAME_CELLS, Math.min(MAX_NAME_CELLS, rest));
  const lineOf = (title: string, figures: readonly string[], pointer = ' ') => {
    const cells = figures.map((text, at) => fitTo(text, widths[at] ?? 0, at === 0 ? 'left' : 'right'));
    return fitTo(`${pointer}${[fitTo(title, name), ...cells].join(' ')}`, inner);
  };
  const said = problem ?? (described === undefined ? 'Counting…' : `of ${pluralize(described.rows, 'item')}`);
  const line = (key: string, text: string, style: 'faint' | 'bad' | 'heading'): OverlayLine => ({
    key,
    cells: inner,
    content: <Text style={style}>{fitTo(text, inner)}</Text>,
  });
  const titles = lineOf(
    'column',
    FIGURES.map(([title]) => title),
  );
  const top = scrollIntoView(index, 0, height, columns.length);
  const lines = columns.slice(top, top + height).map((column, at): OverlayLine => {
    const isSelected = top + at === index;
    const text = lineOf(
      sanitizeText(column.field),
      figuresOf(column, described?.rows ?? 0),
      isSelected ? theme.sign('pointer') : ' ',
    );
    return {
      key: column.field,
      cells: inner,
      content: (
        <Text style="plain" over={isSelected ? 'selected' : undefined}>
          {text}
        </Text>
      ),
    };
  });
  const head = [
    line(' head', said, problem === undefined ? 'faint' : 'bad'),
    ...(columns.length === 0 ? [] : [line(' titles', titles, 'heading')]),
  ];
  return <Overlay rect={rect} title="Columns" lines={[...head, ...lines]} />;
}

function figuresOf(
  { type, filled, distinct, isCut, min, median, mean, max }: ColumnDescription,
  rows: number,
): string[] {
  const number = (value: number | undefined) => (value === undefined ? '' : formatNumber(value));
  const many = `${isCut ? '>' : ''}${formatNumber(distinct)}`;
  return [type, formatFilled(filled, rows), many, number(min), number(median), number(mean), number(max)];
}

/** `100 %` only if every row has a value. */
function formatFilled(filled: number, rows: number): string {
  const percent = Math.floor((100 * filled) / Math.max(1, rows));
  return filled > 0 && percent === 0 ? '<1 %' : `${percent} %`;
}
