/** How a chart is drawn: dots in a grid of 2 by 4 a cell, bars in eighths of a cell, or the signs of ASCII alone. */
export type ChartSigns = 'braille' | 'blocks' | 'ascii';

export interface ChartArea {
  /** The size in cells, at least 1. */
  columns: number;
  rows: number;
  signs: ChartSigns;
  /** The ends of the scale, at least around the values; without them the values are its ends. */
  scale?: { from: number; to: number } | undefined;
  /** Whether low values are those that a person looks for: no higher one beside them covers them. */
  showsLowest?: boolean | undefined;
}

/** A drawn chart: its rows, each exactly as wide as its area, and the values of its first and its last row. */
export interface Chart {
  rows: string[];
  lowest: number;
  highest: number;
}

/**
 * Draws values side by side, over the whole width. The lowest value stands in the last row, the highest in the first:
 * the scale does not begin at zero unless a value does, or the area sets it. Equal values without a set scale are a line
 * in the middle. In Braille the area below is filled where the last row is zero, and only there. An area that
 * `showsLowest` has steps instead of lines between its values.
 * @param values `null` leaves a gap
 * @returns `undefined` when there is no value
 */
export function drawChart(values: readonly (number | null)[], area: ChartArea): Chart | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return undefined;
  const lowest = known.reduce(
    (one, other) => Math.min(one, other),
    area.scale?.from ?? Number.POSITIVE_INFINITY,
  );
  const highest = known.reduce(
    (one, other) => Math.max(one, other),
    area.scale?.to ?? Number.NEGATIVE_INFINITY,
  );
  const scale: Scale = (value, steps) =>
    // Halved first: the difference of two numbers can be larger than any number.
    highest === lowest
      ? Math.floor((steps - 1) / 2)
      : Math.round(((value / 2 - lowest / 2) / (highest / 2 - lowest / 2)) * (steps - 1));
  const rows =
    area.signs === 'blocks'
      ? drawBars(values, area, scale, lowest === highest)
      : drawDots(values, area, scale, lowest === 0 && highest > 0);
  return { rows, lowest, highest };
}

/** The row of a value between the ends of a chart, from 0 for the first. */
export function rowOf(
  value: number,
  { lowest, highest }: Pick<Chart, 'lowest' | 'highest'>,
  { rows, signs }: Pick<ChartArea, 'rows' | 'signs'>,
): number {
  const steps = rows * STEPS_A_ROW[signs];
  const step = Math.round(((value / 2 - lowest / 2) / (highest / 2 - lowest / 2)) * (steps - 1));
  return rows - 1 - Math.floor(step / STEPS_A_ROW[signs]);
}

const STEPS_A_ROW: Readonly<Record<ChartSigns, number>> = { braille: 4, blocks: 8, ascii: 1 };

/** The cell of the value at `index` of `count` values; several values may share one. */
export function cellOf(index: number, count: number, columns: number): number {
  return Math.floor(((index + 0.5) * columns) / count);
}

/** A row of exactly `columns` cells with signs below their values. Of several in a cell the first stays. */
export function markRow(signs: readonly (string | null)[], columns: number): string {
  const cells = Array.from({ length: columns }, () => ' ');
  for (const [index, sign] of signs.entries()) {
    const cell = cellOf(index, signs.length, columns);
    if (sign !== null && cells[cell] === ' ') cells[cell] = sign;
  }
  return cells.join('');
}

/** The step of a value, from 0 for the lowest to `steps - 1` for the highest. */
type Scale = (value: number, steps: number) => number;

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

function drawBars(
  values: readonly (number | null)[],
  { columns, rows, showsLowest }: ChartArea,
  scale: Scale,
  isFlat: boolean,
): string[] {
  const steps = rows * BARS.length;
  const heights = Array.from({ length: columns }, (_, column) => {
    const found = knownAt(values, column, columns).map((value) => scale(value, steps));
    if (found.length === 0) return 0;
    if (showsLowest) return 1 + Math.min(...found);
    // Of several values the one farthest from the middle, so that neither end of the scale is hidden.
    const far = (step: number) => Math.abs(step - (steps - 1) / 2);
    return 1 + found.reduce((one, other) => (far(other) > far(one) ? other : one));
  });
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * BARS.length;
    return heights.map((height) => barCell(height - below, isFlat)).join('');
  });
}

/** The values that share a column of `columns`. */
function knownAt(values: readonly (number | null)[], column: number, columns: number): number[] {
  const first = Math.floor((column * values.length) / columns);
  const next = Math.max(first + 1, Math.floor(((column + 1) * values.length) / columns));
  return values.slice(first, next).filter((value) => value !== null);
}

/** @param eighths of the bar from the lower edge of the cell on. Equal values have no bars: only their ends are drawn. */
function barCell(eighths: number, isFlat: boolean): string {
  if (eighths <= 0 || (isFlat && eighths > BARS.length)) return ' ';
  return BARS[Math.min(BARS.length, eighths) - 1] ?? ' ';
}

/** From this many rows on, a line is two dots thick. */
const THICK_FROM = 6;

/** The first character of Braille, and the bits of its dots: by column, from the top (Unicode 15, chapter 21.1). */
const BRAILLE = 0x2800;
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

function drawDots(
  values: readonly (number | null)[],
  { columns, rows, signs, showsLowest }: ChartArea,
  scale: Scale,
  isFromZero: boolean,
): string[] {
  const isBraille = signs === 'braille';
  const [across, down] = isBraille ? [2, 4] : [1, 1];
  const [width, height] = [columns * across, rows * down];
  const grid = new Uint8Array(columns * rows);
  const set = (x: number, level: number) => {
    const y = height - 1 - level;
    const cell = Math.floor(y / down) * columns + Math.floor(x / across);
    grid[cell] = (grid[cell] ?? 0) | (isBraille ? (DOTS[x % 2]?.[y % 4] ?? 0) : 1);
  };
  const isThick = isBraille && rows >= THICK_FROM;
  const draw = (x: number, level: number) => {
    set(x, level);
    if (isBraille && isFromZero) for (let below = 0; below < level; below += 1) set(x, below);
    else if (isThick && level > 0) set(x, level - 1);
  };
  const lowest = (x: number) => Math.min(...knownAt(values, x, width));
  if (showsLowest)
    for (let x = 0; x < width; x += 1) if (Number.isFinite(lowest(x))) draw(x, scale(lowest(x), height));
  let before: Point | undefined;
  for (const [index, value] of showsLowest ? [] : values.entries()) {
    if (value === null) {
      before = undefined;
      continue;
    }
    const point = { x: cellOf(index, values.length, width), level: scale(value, height) };
    drawLine(before ?? point, point, draw);
    before = point;
  }
  return Array.from({ length: rows }, (_, row) =>
    Array.from(grid.subarray(row * columns, (row + 1) * columns), (dots) => {
      if (dots === 0) return ' ';
      return isBraille ? String.fromCodePoint(BRAILLE + dots) : '*';
    }).join(''),
  );
}

interface Point {
  x: number;
  level: number;
}

/** Sets every point from one to another, without a gap between the levels of two columns. */
function drawLine(from: Point, to: Point, set: (x: number, level: number) => void): void {
  let last = from.level;
  for (let x = from.x; x <= to.x; x += 1) {
    const share = to.x === from.x ? 1 : (x - from.x) / (to.x - from.x);
    const level = Math.round(from.level + (to.level - from.level) * share);
    const step = Math.sign(level - last);
    for (let at = last + step; at !== level && step !== 0; at += step) set(x, at);
    set(x, level);
    last = level;
  }
}
