import type { Column } from '../output-columns.ts';
import { getColumnNames } from '../price-cells.ts';
import { MAX_ROWS, toSheetName } from './excel-limits.ts';
import type { ZipEntry } from './pack-zip.ts';
import { createFixedParts, getSheetPath } from './package-parts.ts';
import { createHeaderXml, createRowsXml, type SheetRows, type Styles } from './sheet-rows.ts';
import { createSheetStart, createWidthsXml, SHEET_END } from './sheet-xml.ts';

/** The styles of our own workbooks: as they stand in {@link STYLES}. */
export const OWN_STYLES: Styles = { header: 1, date: 2, dateTime: 3 };

/** Rows of a sheet below its header. */
export const ROWS_PER_SHEET = MAX_ROWS - 1;

/** How many sheets so many rows need. */
export function countSheets(rows: number): number {
  return Math.max(1, Math.ceil(rows / ROWS_PER_SHEET));
}

/** The parts of a workbook: a sheet, or several when the rows are more than one can hold. */
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
    ...createFixedParts(sheets),
    ...sheets.map((_, index) => {
      const from = index * ROWS_PER_SHEET;
      const items = { from, to: Math.min(count, from + ROWS_PER_SHEET) };
      return { name: getSheetPath(index + 1), content: createSheetXml(rows, frame, items, index === 0) };
    }),
  ];
}

/** A sheet of some of the staged items. @param like columns, their widths, and the row with their names */
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
