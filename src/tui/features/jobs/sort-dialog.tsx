import type { DialogOf } from '../../kernel/model.ts';
import { closeDialog, step } from '../../kernel/step.ts';
import {
  centerRect,
  type ListBox,
  Overlay,
  type OverlayLine,
  rowInBox,
} from '../../ui/components/overlay.tsx';
import { Text, useTheme } from '../../ui/components/text.tsx';
import { keyOf } from '../../ui/input.ts';
import type { Rect } from '../../ui/layout.ts';
import { indexAfter, listMove, scrollIntoView } from '../../ui/scroll.ts';
import { fitTo } from '../../ui/text/fit.ts';
import type { DialogProps, DialogRules } from '../define-feature.ts';
import { SORTS } from './model.ts';
import { withSort } from './reducer.ts';
import { toggleSort } from './table.ts';

/** Enter sorts by the chosen key. The current key reverses the direction. */
export const sortRules: DialogRules<'sort'> = {
  onInput(state, dialog, input) {
    const key = keyOf(input);
    if (key === 'escape' || key === 'q' || key === 's') return closeDialog(state);
    const chosen = SORTS[dialog.index];
    if (key === 'enter' && chosen !== undefined)
      return step(withSort(closeDialog(state).state, toggleSort(state.jobs.table.sort, chosen.by)));
    const moved = listMove(input);
    if (moved === undefined) return step(state);
    return step({ ...state, dialog: { ...dialog, index: indexAfter(dialog.index, moved, SORTS.length) } });
  },
  rowAt: (_, dialog, click, body) => rowInBox(sortBox(dialog, body), click),
};

function sortBox({ index }: DialogOf<'sort'>, body: Rect): ListBox {
  const rect = centerRect(body, 50, SORTS.length + 2);
  const height = Math.max(1, rect.rows - 2);
  const count = SORTS.length;
  return { rect, above: 0, top: scrollIntoView(index, 0, height, count), height, count };
}

export function SortDialog({ state, dialog, body }: DialogProps<'sort'>) {
  const theme = useTheme();
  const { sort } = state.jobs.table;
  const { rect, top, height, count } = sortBox(dialog, body);
  const inner = rect.columns - 4;
  const lines: OverlayLine[] = SORTS.slice(top, top + height).map(({ by, title }, at) => {
    const arrow = by === sort.by ? theme.sign(sort.descending ? 'down' : 'up') : ' ';
    const isSelected = top + at === dialog.index;
    const before = theme.screenReader && isSelected ? theme.sign('pointer') : arrow;
    const after =
      theme.screenReader && by === sort.by ? `, in use, ${sort.descending ? 'descending' : 'ascending'}` : '';
    return {
      key: by,
      cells: inner,
      content: (
        <Text style={by === sort.by ? 'key' : 'plain'} over={isSelected ? 'selected' : undefined}>
          {fitTo(`${before} ${title}${after}`, inner)}
        </Text>
      ),
    };
  });
  const scroll = { top, height, count, index: dialog.index };
  return <Overlay rect={rect} title="Sort by" lines={lines} scroll={scroll} />;
}
