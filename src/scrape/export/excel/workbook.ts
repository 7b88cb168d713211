import type { Column } from '../columns.ts';
import { columnName, MAX_ROWS, sheetName } from './limits.ts';
import type { Part } from './packed.ts';
import { headerXml, rowsXml, type SheetRows, type Styles } from './rows.ts';
import { xml } from './xml.ts';

/** The styles of our own workbooks: as they stand in {@link STYLES}. */
export const OWN_STYLES: Styles = { header: 1, date: 2, dateTime: 3 };

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEETML = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Formats 14 and 22 are Excel's own: a date, and a date with its time, as the reader's country writes them. */
const FONT = '<sz val="11"/><name val="Calibri"/><family val="2"/>';
const BASE = 'numFmtId="0" fontId="0" fillId="0" borderId="0"';
const STYLES =
  `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font>${FONT}</font><font><b/>${FONT}</font></fonts>` +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  `<cellStyleXfs count="1"><xf ${BASE}/></cellStyleXfs><cellXfs count="4"><xf ${BASE} xfId="0"/>` +
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' +
  '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>' +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

/** Rows of a sheet below its header. */
const ROWS_A_SHEET = MAX_ROWS - 1;
const WIDEST = 60;
const NARROWEST = 8;

/** How many sheets so many rows need. */
export function sheetCount(rows: number): number {
  return Math.max(1, Math.ceil(rows / ROWS_A_SHEET));
}

/** The parts of a workbook (ECMA-376): a sheet, or several when the rows are more than one can hold. */
export function workbookParts(
  name: string,
  rows: SheetRows,
  { columns, count }: { columns: readonly Column[]; count: number },
): Part[] {
  const sheets = Array.from({ length: sheetCount(count) }, (_, index) => sheetName(name, index + 1));
  const numbered = sheets.map((_, index) => index + 1);
  return [
    { name: '[Content_Types].xml', content: contentTypes(numbered) },
    { name: '_rels/.rels', content: relations([['officeDocument', 'xl/workbook.xml']]) },
    { name: 'xl/workbook.xml', content: workbookXml(sheets) },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relations([
        ...numbered.map((number) => ['worksheet', `worksheets/sheet${number}.xml`] as const),
        ['styles', 'styles.xml'],
      ]),
    },
    { name: 'xl/styles.xml', content: STYLES },
    ...numbered.map((number) => {
      const from = (number - 1) * ROWS_A_SHEET;
      const to = Math.min(count, from + ROWS_A_SHEET);
      return { name: `xl/worksheets/sheet${number}.xml`, content: sheetXml(rows, columns, { from, to }) };
    }),
  ];
}

async function* sheetXml(
  rows: SheetRows,
  columns: readonly Column[],
  items: { from: number; to: number },
): AsyncGenerator<string> {
  const last = `${columnName(Math.max(0, columns.length - 1))}${items.to - items.from + 1}`;
  yield `${HEAD}<worksheet xmlns="${MAIN}"><dimension ref="A1:${last}"/>`;
  // The header stays in view.
  yield `<sheetViews><sheetView workbookViewId="0"${items.from === 0 ? ' tabSelected="1"' : ''}>`;
  yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  yield `<cols>${columns.map(widthXml).join('')}</cols><sheetData>${headerXml(rows)}`;
  yield* rowsXml(rows, items, 2);
  yield '</sheetData></worksheet>';
}

function widthXml({ name, longest }: Column, index: number): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, name.length, longest) + 2);
  return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
}

function contentTypes(sheets: readonly number[]): string {
  const parts = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/styles.xml', 'styles'],
    ...sheets.map((number) => [`/xl/worksheets/sheet${number}.xml`, 'worksheet']),
  ].map(([name, kind]) => `<Override PartName="${name}" ContentType="${SHEETML}.${kind}+xml"/>`);
  const rels = `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`;
  const defaults = `${rels}<Default Extension="xml" ContentType="application/xml"/>`;
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types">${defaults}${parts.join('')}</Types>`;
}

function relations(targets: readonly (readonly [kind: string, target: string])[]): string {
  const entries = targets.map(
    ([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${entries.join('')}</Relationships>`;
}

function workbookXml(sheets: readonly string[]): string {
  const entries = sheets.map(
    (name, index) => `<sheet name="${xml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${entries.join('')}</sheets></workbook>`;
}
