import type { PageElement } from '../lib/page.ts';
import { getText, isElement } from './select.ts';

/** A table as its columns and rows: a cell that spans several of them is in each. */
export interface TableGrid {
  /** One name a column; made unique. */
  header: string[];
  /** By column: its name without the unit that its header has; undefined without one. */
  units: (ColumnUnit | undefined)[];
  rows: TableRow[];
}

/** `Weight [kg]` is a weight, in kg. */
interface ColumnUnit {
  name: string;
  unit: string;
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

/** `Price (EUR)`, `Weight [kg]`, and a row of the header that has nothing but units. */
const WITH_UNIT = /^(.*?)\s*(?:\(([^()]{1,20})\)|\[([^[\]]{1,20})\])$/;

/**
 * Reads a table as browsers lay it out (HTML standard, 4.9.12). The header is what `thead` holds, or else the first rows
 * that consist of `th`, or else the first row. Below a title, a row of `td` is data: the columns have no names then. The
 * words of several header rows are joined. Rows of the header that are repeated, titles of sections, and `tfoot` are no
 * rows.
 */
export function readTable(table: PageElement): TableGrid {
  const laidOut = layOut(listRows(table)).filter(({ cells }) => cells.length > 0);
  const width = countColumns(laidOut);
  const isTitled = laidOut[0] !== undefined && isTitle(laidOut[0], width);
  const lines = laidOut
    .filter((line) => !isTitle(line, width))
    .map((line) => ({ ...line, cells: line.cells.slice(0, width) }));
  const count = countHeaderRows(lines, isTitled);
  const words = readHeader(lines.slice(0, count), width);
  const repeated = new Set(lines.slice(0, count).map(textOf));
  const rows = lines
    .slice(count)
    .filter((line) => !line.isFoot && !(isHeaderLike(line) && repeated.has(textOf(line))))
    .map(({ element, cells }) => ({ element, cells }));
  return { header: nameColumns(words), units: words.map(findUnit), rows };
}

interface Line extends TableRow {
  isHead: boolean;
  isFoot: boolean;
  /** The `thead`, `tbody` or `tfoot`, or else the table. */
  group: PageElement;
}

type Row = Omit<Line, 'cells'>;

/** The rows of a table, without those of tables in it. */
function listRows(table: PageElement): Row[] {
  return table.children.filter(isElement).flatMap((part): Row[] => {
    if (part.name === 'tr') return [{ element: part, isHead: false, isFoot: false, group: table }];
    if (!/^t(?:head|body|foot)$/.test(part.name)) return [];
    return part.children
      .filter(isElement)
      .filter(({ name }) => name === 'tr')
      .map((element) => ({
        element,
        group: part,
        isHead: part.name === 'thead',
        isFoot: part.name === 'tfoot',
      }));
  });
}

function layOut(rows: readonly Row[]): Line[] {
  // By column: the cell that reaches down, and for how many more rows.
  let open: { cell: PageElement; rows: number }[] = [];
  let group: PageElement | undefined;
  return rows.map((row) => {
    // No cell reaches beyond the end of its group.
    if (row.group !== group) open = [];
    group = row.group;
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

/** `rowspan="0"` reaches to the end of the group. */
function getSpan({ attribs }: PageElement, name: 'rowspan' | 'colspan'): number {
  const span = Number.parseInt(attribs[name] ?? '1', 10);
  if (name === 'rowspan' && span === 0) return Number.POSITIVE_INFINITY;
  return span >= 1 ? Math.min(span, MAX_SPAN) : 1;
}

function countHeaderRows(lines: readonly Line[], isTitled: boolean): number {
  const inHead = lines.findIndex(({ isHead }) => !isHead);
  if (inHead > 0) return inHead;
  const first = lines.findIndex((line) => !isHeaderLike(line));
  return Math.min(lines.length, Math.max(isTitled ? 0 : 1, first < 0 ? 1 : first));
}

/** The texts of a row's cells. */
function textOf({ cells }: Line): string {
  return JSON.stringify(cells.map((cell) => (cell === undefined ? '' : cleanText(cell))));
}

/** Whether a row has nothing but header cells. One of them alone may stand before a row of data. */
function isHeaderLike({ cells, element }: Line): boolean {
  const own = cells.filter((cell) => cell?.parent === element);
  return own.length > 0 && own.every((cell) => cell?.name === 'th') && cells.length > 1;
}

/**
 * Counts the columns up to the last one in which a cell begins. Further ones repeat it: authors write `colspan="100"`
 * where a cell shall reach to the end. Rows of one cell do not count, unless there are no others.
 */
function countColumns(lines: readonly Line[]): number {
  const wide = lines.filter((line) => !isOneCell(line));
  const ends = (wide.length > 0 ? wide : lines).map(
    ({ cells }) => cells.findLastIndex((cell, at) => cell !== undefined && cell !== cells[at - 1]) + 1,
  );
  return ends.reduce((most, end) => Math.max(most, end), 0);
}

function isOneCell({ cells }: Line): boolean {
  return new Set(cells).size <= 1;
}

/** A cell that spans the whole table is the title of what follows. */
function isTitle(line: Line, width: number): boolean {
  return width > 1 && line.cells.length >= width && isOneCell(line);
}

/** Returns the different words that the header rows have for each column. */
function readHeader(lines: readonly Line[], width: number): string[][] {
  return Array.from({ length: width }, (_, column) => {
    const cells = new Set(lines.map(({ cells }) => cells[column]));
    return [...cells]
      .map((cell) => (cell === undefined ? '' : cleanText(cell)))
      .filter((word) => word !== '');
  });
}

/** Joins the words of each column, and makes the names unique. */
function nameColumns(columns: readonly string[][]): string[] {
  const used = new UniqueNames();
  return columns.map((words, at) => used.add(words.join(' ') || `column ${at + 1}`));
}

/** Returns the unit of a column: the one in the lowest row of its header that has one. */
function findUnit(words: readonly string[]): ColumnUnit | undefined {
  const at = words.findLastIndex((word) => WITH_UNIT.test(word));
  const [, bare = '', round, square] = WITH_UNIT.exec(words[at] ?? '') ?? [];
  const unit = round ?? square;
  const name = words
    .map((word, row) => (row === at ? bare : word))
    .filter((word) => word !== '')
    .join(' ');
  return unit === undefined || name === '' ? undefined : { name, unit };
}

/** Names of which none is given twice: `Price`, `Price 2`. */
export class UniqueNames {
  readonly #used = new Set<string>();

  add(base: string): string {
    let name = base;
    for (let number = 2; this.#used.has(name); number += 1) name = `${base} ${number}`;
    this.#used.add(name);
    return name;
  }
}

function cleanText(cell: PageElement): string {
  return getText(cell)
    .replaceAll(/\p{Cc}|\s+/gu, ' ')
    .trim();
}
