import { type Column, getColumnNames } from '../output-columns.ts';
import {
  createFixedParts,
  FIRST_OWN_STYLE,
  getSheetPath,
  SPREADSHEET_NAMESPACE,
  XML_DECLARATION,
} from './package-parts.ts';
import {
  createHeaderXml,
  createRowsXml,
  MAX_ROWS,
  type SheetRows,
  type Styles,
  toColumnName,
  toSheetName,
} from './sheet-rows.ts';
import type { ZipEntry } from './zip-archive.ts';

const MAX_WIDTH = 60;
const MIN_WIDTH = 8;

/** The facts that precede the rows of a sheet. */
interface SheetFrame {
  isFirst: boolean;
  columns: number;
  /** Including the header. */
  rows: number;
  /** The result of {@link createWidthsXml}. */
  widths: string;
}

/** The XML of a sheet before its header row. */
export function createSheetStart({ isFirst, columns, rows, widths }: SheetFrame): string {
  const last = `${toColumnName(Math.max(0, columns - 1))}${rows}`;
  return (
    `${XML_DECLARATION}<worksheet xmlns="${SPREADSHEET_NAMESPACE}"><dimension ref="A1:${last}"/>` +
    // The header row is frozen.
    `<sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ''}>` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths}</cols><sheetData>`
  );
}

/** The XML of a sheet after its last row. */
export const SHEET_END = '</sheetData></worksheet>';

/** Column widths that fit the content, within limits. */
function createWidthsXml(columns: readonly Column[]): string {
  return columns.map(createWidthXml).join('');
}

function createWidthXml({ name, longest }: Column, index: number): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, name.length, longest) + 2);
  return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
}

/** The styles of this program's workbooks: indexes into those of {@link createFixedParts}. */
export const OWN_STYLES: Styles = { header: 1, date: 2, dateTime: 3, money: new Map() };

/** The styles of a workbook with number formats of its own. */
export function stylesWith(formats: readonly string[]): Styles {
  return { ...OWN_STYLES, money: new Map(formats.map((format, index) => [format, FIRST_OWN_STYLE + index])) };
}

/** Rows of a sheet, without the header. */
export const ROWS_PER_SHEET = MAX_ROWS - 1;

/** The number of sheets that `rows` rows need. */
export function countSheets(rows: number): number {
  return Math.max(1, Math.ceil(rows / ROWS_PER_SHEET));
}

/** The parts of a workbook: one sheet, or several if the rows exceed the limit of one sheet. */
export function createWorkbookParts(
  name: string,
  rows: SheetRows,
  { columns, count }: { columns: readonly Column[]; count: number },
): ZipEntry[] {
  const sheets = Array.from({ length: countSheets(count) }, (_, index) => toSheetName(name, index + 1));
  const frame = {
    columns: columns.length,
    widths: createWidthsXml(columns),
    header: createHeaderXml(getColumnNames(rows.columns), rows),
  };
  return [
    ...createFixedParts(sheets, [...rows.styles.money.keys()]),
    ...sheets.map((_, index) => {
      const from = index * ROWS_PER_SHEET;
      const items = { from, to: Math.min(count, from + ROWS_PER_SHEET) };
      return { name: getSheetPath(index + 1), content: createSheetXml(rows, frame, items, index === 0) };
    }),
  ];
}

/** Creates a sheet of a range of the staged items. */
export async function* createSheetXml(
  rows: SheetRows,
  { columns, widths, header }: { columns: number; widths: string; header: string },
  items: { from: number; to: number },
  isFirst: boolean,
): AsyncGenerator<string> {
  yield createSheetStart({ isFirst, columns, widths, rows: items.to - items.from + 1 });
  yield header;
  yield* createRowsXml(rows, items, 2);
  yield SHEET_END;
}
