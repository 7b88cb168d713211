import type { PageElement } from '../lib/page.ts';
import { getText, isElement } from './select.ts';

/** A table as its columns and rows: a cell that spans several of them is in each. */
export interface TableGrid {
  /** One name a column; made unique. */
  header: string[];
  rows: TableRow[];
}

interface TableRow {
  /** The `tr`. */
  element: PageElement;
  /** By column; undefined where the row is shorter. */
  cells: (PageElement | undefined)[];
}

/** The HTML standard allows no more (4.9.11). */
const MAX_SPAN = 1_000;
const MAX_COLUMNS = 1_000;

/**
 * Reads a table as browsers lay it out (HTML standard, 4.9.12). The header is what `thead` holds, or else the first rows
 * that consist of `th`, or else the first row. The words of several header rows are joined. Rows of the header that are
 * repeated, titles of sections, and `tfoot` are no rows.
 */
export function readTable(table: PageElement): TableGrid {
  const lines = layOut(listRows(table));
  const count = countHeaderRows(lines);
  const width = Math.max(0, ...lines.map(({ cells }) => cells.length));
  const header = nameColumns(lines.slice(0, count), width);
  const rows = lines
    .slice(count)
    .filter((line) => !line.isFoot && !isHeaderLike(line) && !isTitle(line, width))
    .map(({ element, cells }) => ({ element, cells }));
  return { header, rows };
}

interface Line extends TableRow {
  isHead: boolean;
  isFoot: boolean;
}

type Row = Omit<Line, 'cells'>;

/** The rows of a table, without those of tables in it. */
function listRows(table: PageElement): Row[] {
  return table.children.filter(isElement).flatMap((part): Row[] => {
    if (part.name === 'tr') return [{ element: part, isHead: false, isFoot: false }];
    if (!/^t(?:head|body|foot)$/.test(part.name)) return [];
    return part.children
      .filter(isElement)
      .filter(({ name }) => name === 'tr')
      .map((element) => ({ element, isHead: part.name === 'thead', isFoot: part.name === 'tfoot' }));
  });
}

function layOut(rows: readonly Row[]): Line[] {
  // By column: the cell that reaches down, and for how many more rows.
  const open: { cell: PageElement; rows: number }[] = [];
  return rows.map((row) => {
    const cells: (PageElement | undefined)[] = [];
    const own = row.element.children.filter(isElement).filter(({ name }) => name === 'td' || name === 'th');
    const skipOpen = () => {
      for (
        let above = open[cells.length];
        above !== undefined && above.rows > 0;
        above = open[cells.length]
      ) {
        above.rows -= 1;
        cells.push(above.cell);
      }
    };
    for (const cell of own) {
      skipOpen();
      const down = getSpan(cell, 'rowspan');
      for (let across = getSpan(cell, 'colspan'); across > 0 && cells.length < MAX_COLUMNS; across -= 1) {
        open[cells.length] = { cell, rows: down - 1 };
        cells.push(cell);
      }
    }
    skipOpen();
    return { ...row, cells };
  });
}

/** `rowspan="0"` reaches to the end. */
function getSpan({ attribs }: PageElement, name: 'rowspan' | 'colspan'): number {
  const span = Number.parseInt(attribs[name] ?? '1', 10);
  if (name === 'rowspan' && span === 0) return Number.POSITIVE_INFINITY;
  return span >= 1 ? Math.min(span, MAX_SPAN) : 1;
}

function countHeaderRows(lines: readonly Line[]): number {
  const inHead = lines.findIndex(({ isHead }) => !isHead);
  if (inHead > 0) return inHead;
  const first = lines.findIndex((line) => !isHeaderLike(line));
  return Math.min(lines.length, Math.max(1, first < 0 ? 1 : first));
}

/** Whether a row has nothing but header cells. One of them alone may stand before a row of data. */
function isHeaderLike({ cells, element }: Line): boolean {
  const own = cells.filter((cell) => cell?.parent === element);
  return own.length > 0 && own.every((cell) => cell?.name === 'th') && cells.length > 1;
}

/** A cell that spans the whole table is the title of what follows. */
function isTitle({ cells }: Line, width: number): boolean {
  return width > 1 && cells.length === width && new Set(cells).size === 1;
}

/** Joins the words of the header rows, and makes the names unique. */
function nameColumns(lines: readonly Line[], width: number): string[] {
  const used = new Map<string, number>();
  return Array.from({ length: width }, (_, column) => {
    const titles = lines.filter((line) => !isTitle(line, width)).map(({ cells }) => cells[column]);
    const words = [...new Set(titles)].map((cell) => (cell === undefined ? '' : cleanText(cell)));
    const base = words.filter((word) => word !== '').join(' ') || `column ${column + 1}`;
    const count = (used.get(base) ?? 0) + 1;
    used.set(base, count);
    return count === 1 ? base : `${base} ${count}`;
  });
}

function cleanText(cell: PageElement): string {
  return getText(cell)
    .replaceAll(/\p{Cc}|\s+/gu, ' ')
    .trim();
}
