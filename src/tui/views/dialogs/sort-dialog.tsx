import { SORTS } from '../../jobs/sort-jobs.ts';
import { scrollIntoView } from '../../state/scroll.ts';
import { fitTo } from '../../text/fit.ts';
import { centerRect, Overlay, type OverlayLine } from '../parts/overlay.tsx';
import { Text } from '../parts/text.tsx';
import { useTheme } from '../parts/theme-context.ts';
import type { DialogProps } from './dialog-props.ts';

export function SortDialog({ state, dialog, body }: DialogProps<'sort'>) {
  const theme = useTheme();
  const { sort } = state.jobs.table;
  const rect = centerRect(body, 50, SORTS.length + 2);
  const inner = rect.columns - 4;
  const height = Math.max(1, rect.rows - 2);
  const top = scrollIntoView(dialog.index, 0, height, SORTS.length);
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
  return <Overlay rect={rect} title="Sort by" lines={lines} />;
}
