import { cannotAppendError } from '../output-columns.ts';
import { createFixedParts, getSheetPath, parseCellText, unescapeXml } from './package-parts.ts';
import { createHeaderXml, TruncatedCells, toColumnName, toSheetName } from './sheet-rows.ts';
import { createSheetStart, OWN_STYLES } from './workbook.ts';
import { ZipArchive } from './zip-archive.ts';

/** The facts about a workbook of this program that an append needs. */
export interface ExistingWorkbook {
  /** Names of its sheets. */
  sheets: string[];
  /** Names of its columns. */
  columns: string[];
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
    if (!(await hasOwnParts(archive, sheets)) || workbook === undefined)
      throw cannotAppendError(file, 'QuickScrape did not write it, or another program has saved it since');
    if (sheets[0] !== toSheetName(table))
      throw cannotAppendError(
        file,
        `its sheet is called "${sheets[0]}", and not "${toSheetName(table)}" (table)`,
      );
    return workbook;
  } finally {
    archive.close();
  }
}

async function readSheetNames(archive: ZipArchive): Promise<string[]> {
  const name = 'xl/workbook.xml';
  const text = archive.names.includes(name) ? await readStart(archive, name) : '';
  return [...text.matchAll(SHEET)].map(([, found = '']) => unescapeXml(found));
}

async function hasOwnParts(archive: ZipArchive, sheets: readonly string[]): Promise<boolean> {
  const parts = createFixedParts(sheets);
  const names = [...parts.map(({ name }) => name), ...sheets.map((_, index) => getSheetPath(index + 1))];
  if (JSON.stringify(names) !== JSON.stringify(archive.names)) return false;
  for (const { name, content } of parts) if ((await readStart(archive, name)) !== content) return false;
  return true;
}

async function readLastSheet(archive: ZipArchive, sheets: string[]): Promise<ExistingWorkbook | undefined> {
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
