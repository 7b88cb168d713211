import { displayWidth, truncateToWidth } from '../../core/lib/display-width.ts';
import { formatRowValue } from '../../core/lib/format-row-value.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { Terminal } from './terminal.ts';

export interface Column<R> {
  title: string;
  value: (row: R) => string;
  /** Colours the finished cell. */
  paint?: (text: string, row: R) => string;
  align?: 'right';
  /** May be truncated on a narrow terminal. */
  flexible?: boolean;
  /** A shorter value, for a terminal that is too narrow for the whole table. */
  short?: (row: R) => string;
  /** The column may be dropped on a narrow terminal: the lowest number goes first. */
  drop?: number;
}

const GAP = 2;
const MIN_COLUMN_WIDTH = 12;

/**
 * Formats rows under titles, without borders. On a terminal no line exceeds its width: values become short, columns are
 * dropped in their stated order, flexible ones are truncated, and finally the line is. Control characters are removed
 * before colours are added.
 */
export function renderTable<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  terminal: Terminal,
): string {
  const laid = layOut(columns, rows, terminal.columns ?? Number.POSITIVE_INFINITY);
  const line = (texts: readonly string[], paint: (text: string, column: Column<R>) => string) =>
    laid
      .map(({ column, width }, index) => {
        const text = truncateToWidth(texts[index] ?? '', width);
        const space = ' '.repeat(width - displayWidth(text));
        const painted = paint(text, column);
        return column.align === 'right' ? space + painted : painted + space;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  return [
    line(
      laid.map(({ column }) => column.title),
      terminal.colors.bold,
    ),
    ...rows.map((row, at) =>
      line(
        laid.map(({ cells }) => cells[at] ?? ''),
        (text, column) => column.paint?.(text, row) ?? text,
      ),
    ),
  ].join('\n');
}

interface LaidColumn<R> {
  column: Column<R>;
  cells: string[];
  width: number;
}

function layOut<R>(columns: readonly Column<R>[], rows: readonly R[], available: number): LaidColumn<R>[] {
  const full = columns.map((column) => measureColumn(column, rows, column.value));
  if (total(full) <= available) return full;
  const short = columns.map((column) => measureColumn(column, rows, column.short ?? column.value));
  const kept = dropColumns(short, available);
  shrink(kept, available);
  return clipColumns(kept, available);
}

function measureColumn<R>(column: Column<R>, rows: readonly R[], value: (row: R) => string): LaidColumn<R> {
  const cells = rows.map((row) => sanitizeText(value(row)));
  const width = cells.reduce(
    (widestCell, cell) => Math.max(widestCell, displayWidth(cell)),
    displayWidth(column.title),
  );
  return { column, cells, width };
}

function total(laid: readonly { width: number }[]): number {
  return laid.reduce((sum, { width }) => sum + width, 0) + GAP * (laid.length - 1);
}

/** Drops columns until the minimum widths of the others fit, or no more may be dropped. */
function dropColumns<R>(laid: readonly LaidColumn<R>[], available: number): LaidColumn<R>[] {
  let kept = [...laid];
  const minWidth = () =>
    total(
      kept.map((one) => ({
        ...one,
        width: one.column.flexible ? Math.min(one.width, MIN_COLUMN_WIDTH) : one.width,
      })),
    );
  while (minWidth() > available) {
    const next = Math.min(...kept.map(({ column }) => column.drop ?? Number.POSITIVE_INFINITY));
    if (next === Number.POSITIVE_INFINITY) break;
    kept = kept.filter(({ column }) => column.drop !== next);
  }
  return kept;
}

/** Takes cells from the widest flexible column, one at a time, until the line fits or all are at their minimum. */
function shrink<R>(laid: readonly LaidColumn<R>[], available: number): void {
  for (let over = total(laid) - available; over > 0; over -= 1) {
    const flexible = laid.filter(({ column, width }) => column.flexible && width > MIN_COLUMN_WIDTH);
    const widest = flexible.reduce<LaidColumn<R> | undefined>(
      (best, one) => (best === undefined || one.width > best.width ? one : best),
      undefined,
    );
    if (widest === undefined) return;
    widest.width -= 1;
  }
}

/** Clips the columns to the width of a line. */
function clipColumns<R>(laid: readonly LaidColumn<R>[], available: number): LaidColumn<R>[] {
  let left = available;
  return laid.flatMap((one) => {
    const width = Math.min(one.width, left);
    left -= width + GAP;
    return width > 0 ? [{ ...one, width }] : [];
  });
}

/**
 * Formats names and values of one object in two columns. Control characters are removed before colours are added. On a
 * terminal, long values wrap within their column; words are never split, because a word may be a path.
 */
export function renderFields(
  fields: readonly (readonly [name: string, value: string, paint?: (text: string) => string])[],
  terminal: Terminal,
): string {
  const longest = Math.max(...fields.map(([name]) => name.length));
  return fields
    .map(([name, value, paint]) => {
      const text = sanitizeText(value);
      const lines = wrapText(text, (terminal.columns ?? Number.POSITIVE_INFINITY) - longest - GAP);
      const painted = lines.map((part) => paint?.(part) ?? part).join(`\n${' '.repeat(longest + GAP)}`);
      return `${terminal.colors.dim(name.padEnd(longest))}  ${painted}`;
    })
    .join('\n');
}

function wrapText(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last !== undefined && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

type Item = Record<string, unknown>;

/** Formats scraped items as a table: one column per field, in order of appearance. */
export function itemTable(items: readonly Item[], terminal: Terminal): string {
  const fields = [...new Set(items.flatMap((item) => Object.keys(item)))];
  return renderTable(
    fields.map((field, index) => ({
      title: field,
      value: (item: Item) => formatRowValue(item[field]),
      flexible: true,
      drop: fields.length - index,
    })),
    items,
    terminal,
  );
}
