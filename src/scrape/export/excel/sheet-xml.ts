import type { Column } from '../columns.ts';
import { columnName } from './limits.ts';
import { HEAD, MAIN } from './package-parts.ts';

const WIDEST = 60;
const NARROWEST = 8;

/** What a sheet is like before its rows. */
export interface SheetFrame {
  isFirst: boolean;
  columns: number;
  /** With the header. */
  rows: number;
  /** As {@link widthsXml} makes it. */
  widths: string;
}

/** A sheet up to its header. */
export function sheetStart({ isFirst, columns, rows, widths }: SheetFrame): string {
  const last = `${columnName(Math.max(0, columns - 1))}${rows}`;
  return (
    `${HEAD}<worksheet xmlns="${MAIN}"><dimension ref="A1:${last}"/>` +
    // The header stays in view.
    `<sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ''}>` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths}</cols><sheetData>`
  );
}

/** A sheet behind its last row. */
export const SHEET_END = '</sheetData></worksheet>';

/** Columns as wide as what is in them, within reason. */
export function widthsXml(columns: readonly Column[]): string {
  return columns.map(widthXml).join('');
}

function widthXml({ name, longest }: Column, index: number): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, name.length, longest) + 2);
  return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
}
