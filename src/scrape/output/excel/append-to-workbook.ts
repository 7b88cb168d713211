import { cannotAppendError } from '../output-columns.ts';
import { packZip, type ZipEntry } from './pack-zip.ts';
import { createFixedParts, getSheetPath } from './package-parts.ts';
import type { ExistingWorkbook } from './read-workbook.ts';
import { createRowsXml, MAX_ROWS, type SheetRows, toSheetName } from './sheet-rows.ts';
import { createSheetStart, createSheetXml, ROWS_PER_SHEET, SHEET_END } from './workbook.ts';
import { ZipArchive } from './zip-archive.ts';

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
  const { sheets, columns, rows } = workbook;
  const [first = ''] = sheets;
  const room = Math.min(count, MAX_ROWS - rows);
  const like = { ...workbook, columns: columns.length };
  const names = Array.from(
    { length: countSheetsAfterAppend(workbook, count) },
    (_, index) => sheets[index] ?? toSheetName(first, index + 1),
  );
  return [
    ...createFixedParts(names),
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
