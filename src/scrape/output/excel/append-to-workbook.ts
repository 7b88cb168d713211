import { cannotAppendError } from '../output-columns.ts';
import {
  createFixedParts,
  getSheetPath,
  parseCellText,
  parseFormats,
  STYLES_PART,
  unescapeXml,
} from './package-parts.ts';
import {
  createHeaderXml,
  createRowsXml,
  MAX_ROWS,
  type SheetRows,
  TruncatedCells,
  toColumnName,
  toSheetName,
} from './sheet-rows.ts';
import { createSheetStart, createSheetXml, OWN_STYLES, ROWS_PER_SHEET, SHEET_END } from './workbook.ts';
import { packZip, ZipArchive, type ZipEntry } from './zip-archive.ts';

/** The facts about a workbook of this program that an append needs. */
interface ExistingWorkbook {
  /** Names of its sheets. */
  sheets: string[];
  /** Names of its columns. */
  columns: string[];
  /** Number formats of its own. */
  formats: string[];
  /** The widths of its columns, and the header row, as XML. */
  widths: string;
  header: string;
  /** Number of rows of its last sheet, including the header. */
  rows: number;
}

/**
 * In a workbook of this program, no part except a sheet is longer. The XML before a sheet's rows is not longer either.
 * In characters.
 */
const MAX_SCANNED_CHARACTERS = 16 * 1024 * 1024;
const SHEET = /<sheet name="([^"]*)"/g;
const START = /<dimension ref="A1:[A-Z]+(\d+)"\/>.*<cols>(.*?)<\/cols><sheetData>(<row r="1">.*?<\/row>)/s;
const CELL = /<c r="([A-Z]+)1"[^>]*><is><t[^>]*>([^<]*)<\/t><\/is><\/c>/g;

/**
 * Reads the facts about a workbook that an append needs. A workbook that another program wrote, or has saved since, may
 * have formats, formulas or pictures that would be lost. Therefore every byte around the rows must be as this program
 * writes it.
 * @param table the expected name of the sheet
 * @throws ScrapeError `output` if the workbook is of another program, or damaged; errors of the file system
 */
export async function readExistingWorkbook(file: string, table: string): Promise<ExistingWorkbook> {
  const archive = await ZipArchive.open(file);
  try {
    const sheets = await readSheetNames(archive);
    const workbook = await readLastSheet(archive, sheets);
    const formats = await readFormats(archive);
    if (!(await hasOwnParts(archive, sheets, formats)) || workbook === undefined)
      throw cannotAppendError(file, 'QuickScrape did not write it, or another program has saved it since');
    if (sheets[0] !== toSheetName(table))
      throw cannotAppendError(
        file,
        `its sheet is called "${sheets[0]}", and not "${toSheetName(table)}" (table)`,
      );
    return { ...workbook, formats };
  } finally {
    archive.close();
  }
}

async function readSheetNames(archive: ZipArchive): Promise<string[]> {
  const name = 'xl/workbook.xml';
  const text = archive.names.includes(name) ? await readStart(archive, name) : '';
  return [...text.matchAll(SHEET)].map(([, found = '']) => unescapeXml(found));
}

async function readFormats(archive: ZipArchive): Promise<string[]> {
  return archive.names.includes(STYLES_PART) ? parseFormats(await readStart(archive, STYLES_PART)) : [];
}

async function hasOwnParts(
  archive: ZipArchive,
  sheets: readonly string[],
  formats: readonly string[],
): Promise<boolean> {
  const parts = createFixedParts(sheets, formats);
  const names = [...parts.map(({ name }) => name), ...sheets.map((_, index) => getSheetPath(index + 1))];
  if (JSON.stringify(names) !== JSON.stringify(archive.names)) return false;
  for (const { name, content } of parts) if ((await readStart(archive, name)) !== content) return false;
  return true;
}

async function readLastSheet(
  archive: ZipArchive,
  sheets: string[],
): Promise<Omit<ExistingWorkbook, 'formats'> | undefined> {
  const name = getSheetPath(sheets.length);
  if (!archive.names.includes(name)) return undefined;
  const text = await readStart(archive, name, '</row>');
  const [start = '', rows = '', widths = '', header = ''] = START.exec(text) ?? [];
  const count = widths.split('<col ').length - 1;
  const columns = parseColumns(header, count);
  const frame = { isFirst: sheets.length === 1, columns: count, rows: Number(rows), widths };
  const isOurs =
    text.startsWith(createSheetStart(frame) + header) &&
    start !== '' &&
    header === createHeaderXml(columns, { styles: OWN_STYLES, cut: new TruncatedCells() });
  return isOurs ? { sheets, columns, widths, header, rows: Number(rows) } : undefined;
}

function parseColumns(header: string, count: number): string[] {
  const named = new Map(
    [...header.matchAll(CELL)].map(([, place, text = '']) => [place, parseCellText(text)]),
  );
  return Array.from({ length: count }, (_, index) => named.get(toColumnName(index)) ?? '');
}

/** Reads a part up to `end`, or all of it. */
async function readStart(archive: ZipArchive, name: string, end?: string): Promise<string> {
  let text = '';
  for await (const piece of archive.text(name)) {
    text += piece;
    if (text.length > MAX_SCANNED_CHARACTERS || (end !== undefined && text.includes(end))) break;
  }
  return text;
}

/** The start of a row; its number follows. */
const ROW = '<row r="';
const MAX_NUMBER_LENGTH = 8;

/** The number of sheets of a workbook after the append. */
export function countSheetsAfterAppend({ sheets, rows }: ExistingWorkbook, count: number): number {
  return sheets.length + Math.ceil(Math.max(0, count - (MAX_ROWS - rows)) / ROWS_PER_SHEET);
}

/**
 * Creates a workbook with the staged rows below the existing ones. The existing sheets stay identical byte for byte,
 * before compression.
 */
export async function* appendToWorkbook(
  file: string,
  workbook: ExistingWorkbook,
  added: SheetRows,
  count: number,
): AsyncGenerator<Uint8Array> {
  const archive = await ZipArchive.open(file);
  try {
    yield* packZip(createParts(file, archive, workbook, added, count));
  } finally {
    archive.close();
  }
}

function createParts(
  file: string,
  archive: ZipArchive,
  workbook: ExistingWorkbook,
  added: SheetRows,
  count: number,
): ZipEntry[] {
  const { sheets, columns, rows, formats } = workbook;
  const [first = ''] = sheets;
  const room = Math.min(count, MAX_ROWS - rows);
  const like = { ...workbook, columns: columns.length };
  const names = Array.from(
    { length: countSheetsAfterAppend(workbook, count) },
    (_, index) => sheets[index] ?? toSheetName(first, index + 1),
  );
  return [
    ...createFixedParts(names, formats),
    ...names.map((_, index) => {
      const name = getSheetPath(index + 1);
      if (index < sheets.length - 1) return { name, content: archive.text(name) };
      if (index === sheets.length - 1)
        return { name, content: appendToSheet(file, archive.text(name), workbook, added, room) };
      const from = room + (index - sheets.length) * ROWS_PER_SHEET;
      const items = { from, to: Math.min(count, from + ROWS_PER_SHEET) };
      return { name, content: createSheetXml(added, like, items, false) };
    }),
  ];
}

async function* appendToSheet(
  file: string,
  sheet: AsyncIterable<string>,
  { sheets, columns, widths, rows }: ExistingWorkbook,
  added: SheetRows,
  room: number,
): AsyncGenerator<string> {
  const frame = { isFirst: sheets.length === 1, columns: columns.length, widths, rows };
  yield createSheetStart({ ...frame, rows: rows + room });
  let skip = createSheetStart(frame).length;
  let held = '';
  let lastRow = '';
  for await (const piece of sheet) {
    const fresh = piece.slice(skip);
    skip = Math.max(0, skip - piece.length);
    held += fresh;
    const at = held.lastIndexOf(ROW);
    if (at >= 0) lastRow = /^\d*/.exec(held.slice(at + ROW.length))?.[0] ?? '';
    // Hold back the end of the sheet, and a row number that may be incomplete.
    const keep = Math.max(SHEET_END.length, ROW.length + MAX_NUMBER_LENGTH);
    yield held.slice(0, -keep);
    held = held.slice(-keep);
  }
  if (!held.endsWith(SHEET_END) || Number(lastRow) !== rows)
    throw cannotAppendError(file, `its last sheet does not end with row ${rows}`);
  yield held.slice(0, -SHEET_END.length);
  yield* createRowsXml(added, { from: 0, to: room }, rows + 1);
  yield SHEET_END;
}
