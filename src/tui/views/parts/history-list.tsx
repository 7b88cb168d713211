import type { Rect } from '../../layout.ts';
import { overlayRows } from '../../state/list-move.ts';
import { scrollIntoView } from '../../state/scroll.ts';
import type { State } from '../../state/state.ts';
import type { TextSpan } from '../../styled-row.ts';
import { fitTo } from '../../text/fit.ts';
import { formatTimestamp } from '../../time/format-clock-time.ts';
import { centerRect, Overlay, type OverlayLine } from './overlay.tsx';
import { textLine } from './overlay-lines.tsx';
import { Spans } from './row.tsx';

const TIME_CELLS = 10;

export interface HistoryListProps<T> {
  state: State;
  body: Rect;
  title: string;
  /** What stands above the list. */
  head: string;
  /** Newest first; `at` in epoch ms. */
  rows: readonly T[];
  /** Which of them is chosen. */
  index: number;
  /** Columns that it takes where there is room. */
  columns: number;
  /** What stands behind the time of each of the rows that are shown, in so many cells. */
  spansOf(shown: readonly T[], cells: number): (row: T) => readonly TextSpan[];
}

/** A list over the view of what was done or has happened, each with its time, one of them chosen. */
export function HistoryList<T extends { at: number }>({
  state,
  body,
  title,
  head,
  rows,
  index,
  columns,
  spansOf,
}: HistoryListProps<T>) {
  const height = Math.min(Math.max(1, rows.length), overlayRows(state));
  const rect = centerRect(body, columns, height + 3);
  const inner = rect.columns - 4;
  const top = scrollIntoView(index, 0, height, rows.length);
  const shown = rows.slice(top, top + height);
  const spans = spansOf(shown, inner - TIME_CELLS);
  const lines = shown.map((row, at): OverlayLine => {
    const time = fitTo(formatTimestamp(row.at, state.now, state.timezone), TIME_CELLS);
    const all = [{ text: time, style: 'faint' } as const, ...spans(row)];
    return {
      key: `${top + at}`,
      cells: inner,
      content: <Spans row={{ spans: all, selected: top + at === index }} />,
    };
  });
  return <Overlay rect={rect} title={title} lines={[textLine('head', head, 'faint', inner), ...lines]} />;
}
