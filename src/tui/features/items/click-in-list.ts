import type { State } from '../../kernel/model.ts';
import { type Input, isClick } from '../../ui/input.ts';
import { computeLayout, type Rect } from '../../ui/layout.ts';
import { scrollIntoView } from '../../ui/scroll.ts';

/** Where the rows of a list in an overlay stand. */
export interface ListPlace {
  /** With the frame. */
  readonly rect: Rect;
  /** The frame, and what stands above the rows. */
  readonly linesAbove: number;
  /** How many rows are in sight. */
  readonly height: number;
}

interface ClickableList {
  /** The selected row. */
  readonly index: number;
  readonly count: number;
  place(body: Rect): ListPlace;
}

/** The row of a list in an overlay that is clicked, and whether a double click chooses it; `undefined` for all else. */
export function clickInList(
  state: State,
  input: Input,
  { index, count, place }: ClickableList,
): { row: number; isChosen: boolean } | undefined {
  if (!isClick(input)) return undefined;
  const { rect, linesAbove, height } = place(computeLayout(state, { hasSide: false, pane: 'main' }).body);
  const line = input.row - rect.row - linesAbove;
  const isInside = input.column > rect.column && input.column < rect.column + rect.columns - 1;
  if (!isInside || line < 0 || line >= height) return undefined;
  // The first press may have scrolled the list: it has selected the row that is meant.
  if (input.double) return index < count ? { row: index, isChosen: true } : undefined;
  const row = scrollIntoView(index, 0, height, count) + line;
  return row < count ? { row, isChosen: false } : undefined;
}
