/** A rectangle of cells; column and row count from 0. */
export interface Rect {
  column: number;
  row: number;
  columns: number;
  rows: number;
}

export interface Layout {
  /**
   * `wide`: the panes side by side; `tall`: the second below the first; `single`: one at a time; `too_small`: only a
   * line with that message.
   */
  kind: 'wide' | 'tall' | 'single' | 'too_small';
  header: Rect;
  /** Both panes together. */
  body: Rect;
  main: Rect;
  /** False when there is room for one pane only and the second is shown. */
  mainShown: boolean;
  /** The second pane; `undefined` when the view has none, or when there is room for one only and the first is shown. */
  side: Rect | undefined;
  notices: Rect;
  footer: Rect;
}

export const MIN_COLUMNS = 40;
export const MIN_ROWS = 10;
/** How the two panes of a view share the screen. */
export interface PaneRules {
  /** From this many columns on, the panes are side by side. */
  readonly wideFrom: number;
  /** The first one keeps this width beside the second, in cells. */
  readonly minMain: number;
  /** Each pane can have the room of both. */
  readonly canZoom: boolean;
  /** The first one's share of the rows where the second is below it; default {@link TALL_SHARE}. */
  readonly tallShare?: number;
  /** The rows that the first one can use there; the second one gets the others. */
  readonly mainRows?: number;
  /** Side by side, the first one's share of the columns, and the most that the second gets. */
  readonly wideShare?: number;
  readonly maxSide?: number;
  /** Where they do not fit side by side, there is only the first pane. */
  readonly onlyBeside?: true;
}

/** A list or a text with what belongs to it. */
export const USUAL_PANES: PaneRules = { wideFrom: 150, minMain: 88, canZoom: true };

/**
 * The first pane's share of a wide screen. The second pane has at most `MAX_SIDE_COLUMNS`; the first one gets the rest.
 */
const WIDE_SHARE = 0.58;
const MAX_SIDE_COLUMNS = 80;
const TALL_SHARE = 0.55;
const TALL_FROM = 80;
/** A list with few rows keeps its place on the screen when some are added. */
const MIN_TALL_ROWS = 6;
/** With fewer rows, a second pane below the first is too small to be useful. */
const TALL_ROWS = 20;

/**
 * Computes the positions of all parts on a screen of this size. On a `linear` screen nothing is side by side. On a
 * `zoomed` one, a pane has the room of both.
 * @param hasSide whether the view has a second pane; `pane` is the one that is shown when there is room for one only
 */
export function computeLayout(
  {
    columns,
    rows,
    linear = false,
    zoomed = false,
  }: { columns: number; rows: number; linear?: boolean; zoomed?: boolean },
  {
    hasSide,
    pane,
    panes = USUAL_PANES,
  }: { hasSide: boolean; pane: 'main' | 'side'; panes?: PaneRules | undefined },
): Layout {
  const { wideFrom, minMain, canZoom, tallShare = TALL_SHARE, mainRows = rows, onlyBeside } = panes;
  const { wideShare = WIDE_SHARE, maxSide = MAX_SIDE_COLUMNS } = panes;
  const asked = kindOf(columns, rows, linear ? Number.POSITIVE_INFINITY : wideFrom);
  const kind = zoomed && asked !== 'too_small' && canZoom ? 'single' : asked;
  const line = (row: number): Rect => ({ column: 0, row, columns, rows: 1 });
  const body: Rect = { column: 0, row: 1, columns, rows: Math.max(0, rows - 3) };
  const outer = {
    kind,
    header: line(0),
    body,
    notices: line(rows - 2),
    footer: line(rows - 1),
    mainShown: true,
  };
  const hasBoth = hasSide && (onlyBeside === undefined || asked === 'wide');
  if (!hasBoth || kind === 'too_small') return { ...outer, main: body, side: undefined };
  if (kind === 'wide') {
    const left = Math.max(Math.floor(columns * wideShare), columns - maxSide, minMain);
    return {
      ...outer,
      main: { ...body, columns: left },
      // The gap is a line and a blank.
      side: { ...body, column: left + 2, columns: columns - left - 2 },
    };
  }
  if (kind === 'tall') {
    const upper = Math.min(Math.ceil((body.rows - 1) * tallShare), Math.max(mainRows, MIN_TALL_ROWS));
    return {
      ...outer,
      main: { ...body, rows: upper },
      // The gap is one line.
      side: { ...body, row: body.row + upper + 1, rows: body.rows - upper - 1 },
    };
  }
  const mainShown = pane === 'main';
  return { ...outer, main: body, mainShown, side: mainShown ? undefined : body };
}

function kindOf(columns: number, rows: number, wideFrom: number): Layout['kind'] {
  if (columns < MIN_COLUMNS || rows < MIN_ROWS) return 'too_small';
  if (columns >= wideFrom) return 'wide';
  return columns >= TALL_FROM && rows >= TALL_ROWS ? 'tall' : 'single';
}

/** Whether a cell lies in a rectangle. */
export function isInRect(rect: Rect, { column, row }: { column: number; row: number }): boolean {
  const [x, y] = [column - rect.column, row - rect.row];
  return x >= 0 && x < rect.columns && y >= 0 && y < rect.rows;
}
