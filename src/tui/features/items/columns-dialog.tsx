import { describeLeftOut } from '../../../core/items/damaged-lines.ts';
import type { DescribedColumns } from '../../../core/items/describe-columns.ts';
import { displayWidth } from '../../../core/lib/display-width.ts';
import { pluralize } from '../../../core/lib/text.ts';
import type { DialogOf, State } from '../../kernel/model.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import { centerRect, Overlay, type OverlayLine, rowInBox } from '../../ui/components/overlay.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import type { Rect } from '../../ui/layout.ts';
import { indexAfter, listMove, overlayRows, scrollIntoView } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { type ColumnsTable, columnsTable } from './columns-table.ts';
import { cursorColumn } from './item-table.ts';
import { dispatchToItems } from './reducer.ts';

/** Wider figures would be far from their names. */
const MAX_COLUMNS = 180;

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
  rowAt: (state, dialog, click, body) => rowInBox(columnsBox(state, dialog, body), click),
};

/** The list, as wide as the `table` needs, below what is `said` of it and its titles. */
function columnsBox(state: State, { described, problem, index }: DialogOf<'item_columns'>, body: Rect) {
  const count = described?.columns.length ?? 0;
  const height = Math.max(1, Math.min(count, overlayRows(state) - 2));
  const widest = Math.min(MAX_COLUMNS, body.columns) - FRAME_CELLS;
  const table = described && columnsTable(described, widest);
  const said = problem ?? describeTable(described, table);
  const wanted = table === undefined ? widest : Math.max(displayWidth(table.titles), displayWidth(said));
  const rect = centerRect(body, wanted + FRAME_CELLS, height + 4);
  const top = scrollIntoView(index, 0, height, count);
  return { rect, above: count === 0 ? 1 : 2, top, height, count, table, said };
}

/** A row a column: what it holds, how often it has a value, its most frequent one, and the figures of its numbers. */
export function ColumnsDialog({ state, dialog, body }: DialogProps<'item_columns'>) {
  const theme = useTheme();
  const { described, problem, index } = dialog;
  const columns = described?.columns ?? [];
  const { rect, top, height, table, said } = columnsBox(state, dialog, body);
  const inner = rect.columns - 4;
  const line = (key: string, text: string, style: 'faint' | 'bad' | 'heading'): OverlayLine => ({
    key,
    cells: inner,
    content: <Text style={style}>{fitTo(text, inner)}</Text>,
  });
  const lines = columns.slice(top, top + height).map((column, at): OverlayLine => {
    const isSelected = top + at === index;
    const text = `${isSelected ? theme.sign('pointer') : ' '}${table?.rows[top + at] ?? ''}`;
    return {
      key: column.field,
      cells: inner,
      content: (
        <Text style={column.filled === 0 ? 'bad' : 'plain'} over={isSelected ? 'selected' : undefined}>
          {fitTo(text, inner)}
        </Text>
      ),
    };
  });
  const head = [
    line(' head', said, problem === undefined ? 'faint' : 'bad'),
    ...(table === undefined || columns.length === 0 ? [] : [line(' titles', ` ${table.titles}`, 'heading')]),
  ];
  const scroll = { top, height, count: columns.length, index };
  return <Overlay rect={rect} title="Columns" lines={[...head, ...lines]} scroll={scroll} />;
}

/** The frame, a blank on each side of it, and the pointer. */
const FRAME_CELLS = 5;

/** `of 996 items · 4 damaged lines (12, 80, 81, …) are left out · a wider screen adds sum, most frequent` */
function describeTable(described: DescribedColumns | undefined, table: ColumnsTable | undefined): string {
  if (described === undefined || table === undefined) return 'Counting…';
  const left = table.left.length === 0 ? '' : ` · a wider screen adds ${table.left.join(', ')}`;
  const { rows, damaged, further = 0 } = described;
  const leftOut = damaged === undefined ? '' : ` · ${describeLeftOut(damaged)}`;
  const more = further === 0 ? '' : ` · and ${pluralize(further, 'more column')}; F on a column shows it`;
  return ` of ${pluralize(rows, 'item')}${leftOut}${more}${left}`;
}
