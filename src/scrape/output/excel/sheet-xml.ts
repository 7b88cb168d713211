import type { Column } from '../output-columns.ts';
import { toColumnName } from './excel-limits.ts';
import { SPREADSHEET_NAMESPACE, XML_DECLARATION } from './package-parts.ts';

const MAX_WIDTH = 60;
const MIN_WIDTH = 8;

/** What a sheet is like before its rows. */
export interface SheetFrame {
  isFirst: boolean;
  columns: number;
  /** With the header. */
  rows: number;
  /** As {@link createWidthsXml} makes it. */
  widths: string;
}

/** A sheet up to its header. */
export function createSheetStart({ isFirst, columns, rows, widths }: SheetFrame): string {
  const last = `${toColumnName(Math.max(0, columns - 1))}${rows}`;
  return (
    `${XML_DECLARATION}<worksheet xmlns="${SPREADSHEET_NAMESPACE}"><dimension ref="A1:${last}"/>` +
    // The header stays in view.
    `<sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ''}>` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths}</cols><sheetData>`
  );
}

/** A sheet behind its last row. */
export const SHEET_END = '</sheetData></worksheet>';

/** Columns as wide as what is in them, within reason. */
export function createWidthsXml(columns: readonly Column[]): string {
  return columns.map(createWidthXml).join('');
}

function createWidthXml({ name, longest }: Column, index: number): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, name.length, longest) + 2);
  return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
}
