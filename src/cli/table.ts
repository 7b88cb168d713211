import type { Terminal } from './terminal.ts';
import { cutToWidth, displayWidth, visibleText } from './visible-text.ts';

export interface Column<R> {
  title: string;
  value: (row: R) => string;
  /** Colours the finished cell. */
  paint?: (text: string, row: R) => string;
  align?: 'right';
  /** May be cut when the terminal is too narrow. */
  flexible?: boolean;
}

const GAP = 2;
const NARROWEST = 8;
/**
 * Rows under titles, without borders, cut to the terminal's width (never when piped). Cells are cleaned of control
 * characters before they are coloured.
 */
export function renderTable<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  terminal: Terminal,
): string {
  const cells = rows.map((row) => columns.map((column) => visibleText(column.value(row))));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((line) => displayWidth(line[index] ?? ''))),
  );
  if (terminal.columns !== undefined) shrink(widths, columns, terminal.columns);
  const line = (texts: readonly string[], paint: (text: string, index: number) => string) =>
    columns
      .map(({ align }, index) => {
        const text = cutToWidth(texts[index] ?? '', widths[index] ?? 0);
        const space = ' '.repeat((widths[index] ?? 0) - displayWidth(text));
        return align === 'right' ? space + paint(text, index) : paint(text, index) + space;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const titles = columns.map((column) => column.title);
  return [
    line(titles, terminal.colors.bold),
    ...rows.map((row, at) =>
      line(cells[at] ?? [], (text, index) => columns[index]?.paint?.(text, row) ?? text),
    ),
  ].join('\n');
}

/** Takes cells from the widest flexible column, one at a time, until the line fits or none can give any more. */
function shrink<R>(widths: number[], columns: readonly Column<R>[], available: number): void {
  const total = () => widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1);
  while (total() > available) {
    const widest = widths.reduce(
      (best, width, index) => (columns[index]?.flexible && width > (widths[best] ?? 0) ? index : best),
      columns.findIndex((column) => column.flexible),
    );
    const width = widths[widest];
    if (width === undefined || width <= NARROWEST) return;
    widths[widest] = width - 1;
  }
}

/** Names and values in two columns, for one thing in full. Values are cleaned before they are coloured. */
export function renderFields(
  fields: readonly (readonly [name: string, value: string, paint?: (text: string) => string])[],
  terminal: Terminal,
): string {
  const longest = Math.max(...fields.map(([name]) => name.length));
  return fields
    .map(([name, value, paint]) => {
      const text = visibleText(value);
      return `${terminal.colors.dim(name.padEnd(longest))}  ${paint === undefined ? text : paint(text)}`;
    })
    .join('\n');
}
