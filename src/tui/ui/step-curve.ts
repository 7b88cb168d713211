/** A value from an instant on, in epoch milliseconds; `null`: none. In the order of time. */
export interface CurvePoint {
  at: number;
  value: number | null;
}

export interface CurveArea {
  columns: number;
  rows: number;
  /** The instants of the first and the last column. */
  from: number;
  until: number;
}

/** The line of one column: its rows, from 0 at the top; `null` where there is no value. */
interface ColumnLine {
  start: number | null;
  end: number | null;
  top: number;
  bottom: number;
}

/**
 * Draws values as steps, from the lowest in the last row to the highest in the first. Several changes within a column
 * are a vertical line. All characters have one for terminals with ASCII alone (`text/ascii.ts`).
 * @returns the rows, each `columns` cells wide
 */
export function stepCurve(
  points: readonly CurvePoint[],
  { columns, rows, from, until }: CurveArea,
): string[] {
  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  const values = points.flatMap(({ value }) => value ?? []);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const rowOf = (value: number) =>
    highest === lowest ? rows - 1 : Math.round(((highest - value) / (highest - lowest)) * (rows - 1));
  let next = 0;
  let current: number | null = null;
  for (let column = 0; column < columns; column += 1) {
    const end = columns === 1 ? until : from + ((until - from) * column) / (columns - 1);
    const start = current;
    let [top, bottom] = [start ?? rows, start ?? -1];
    for (let point = points[next]; point !== undefined && point.at <= end; point = points[++next]) {
      current = point.value === null ? null : rowOf(point.value);
      if (current === null) continue;
      [top, bottom] = [Math.min(top, current), Math.max(bottom, current)];
    }
    drawColumn(grid, column, { start, end: current, top, bottom });
  }
  return grid.map((cells) => cells.join(''));
}

function drawColumn(grid: string[][], column: number, { start, end, top, bottom }: ColumnLine): void {
  for (let row = top; row <= bottom; row += 1) {
    const cells = grid[row];
    if (cells === undefined) continue;
    const [up, down] = [row > top, row < bottom];
    // Left: the line that comes in; right: the line that goes on.
    cells[column] =
      LINES[`${start === row ? 'l' : ''}${end === row ? 'r' : ''}${up ? 'u' : ''}${down ? 'd' : ''}`] ?? '│';
  }
}

const LINES: Readonly<Record<string, string>> = {
  '': '─',
  l: '─',
  r: '─',
  lr: '─',
  lu: '┘',
  ld: '┐',
  lud: '┤',
  ru: '└',
  rd: '┌',
  rud: '├',
  lru: '┴',
  lrd: '┬',
  lrud: '┼',
};
