import { cannotAppend } from '../append-columns.ts';
import { Archive } from './archive.ts';
import { MAX_ROWS, sheetName } from './limits.ts';
import type { OwnWorkbook } from './own-workbook.ts';
import { fixedParts, sheetPart } from './package-parts.ts';
import { type Part, packed } from './packed.ts';
import { rowsXml, type SheetRows } from './rows.ts';
import { SHEET_END, sheetStart } from './sheet-xml.ts';
import { ROWS_A_SHEET, sheetXml } from './workbook.ts';

/** Where rows begin: their numbers are in here. */
const ROW = '<row r="';
const LONGEST_NUMBER = 8;

/** How many sheets a workbook has when rows were added. */
export function grownSheetCount({ sheets, rows }: OwnWorkbook, count: number): number {
  return sheets.length + Math.ceil(Math.max(0, count - (MAX_ROWS - rows)) / ROWS_A_SHEET);
}

/** A workbook with the staged rows below its own, which stay as they are, byte for byte before they are packed. */
export async function* grownWorkbook(
  file: string,
  workbook: OwnWorkbook,
  added: SheetRows,
  count: number,
): AsyncGenerator<Uint8Array> {
  const archive = await Archive.open(file);
  try {
    yield* packed(partsOf(file, archive, workbook, added, count));
  } finally {
    archive.close();
  }
}

function partsOf(
  file: string,
  archive: Archive,
  workbook: OwnWorkbook,
  added: SheetRows,
  count: number,
): Part[] {
  const { sheets, columns, rows } = workbook;
  const [first = ''] = sheets;
  const room = Math.min(count, MAX_ROWS - rows);
  const like = { ...workbook, columns: columns.length };
  const names = Array.from(
    { length: grownSheetCount(workbook, count) },
    (_, index) => sheets[index] ?? sheetName(first, index + 1),
  );
  return [
    ...fixedParts(names),
    ...names.map((_, index) => {
      const name = sheetPart(index + 1);
      if (index < sheets.length - 1) return { name, content: archive.text(name) };
      if (index === sheets.length - 1)
        return { name, content: grownSheet(file, archive.text(name), workbook, added, room) };
      const from = room + (index - sheets.length) * ROWS_A_SHEET;
      const items = { from, to: Math.min(count, from + ROWS_A_SHEET) };
      return { name, content: sheetXml(added, like, items, false) };
    }),
  ];
}

async function* grownSheet(
  file: string,
  sheet: AsyncIterable<string>,
  { sheets, columns, widths, rows }: OwnWorkbook,
  added: SheetRows,
  room: number,
): AsyncGenerator<string> {
  const frame = { isFirst: sheets.length === 1, columns: columns.length, widths, rows };
  yield sheetStart({ ...frame, rows: rows + room });
  let skip = sheetStart(frame).length;
  let held = '';
  let lastRow = '';
  for await (const piece of sheet) {
    const fresh = piece.slice(skip);
    skip = Math.max(0, skip - piece.length);
    held += fresh;
    const at = held.lastIndexOf(ROW);
    if (at >= 0) lastRow = /^\d*/.exec(held.slice(at + ROW.length))?.[0] ?? '';
    // The end of the sheet stays back, and the number of a row that is not whole yet.
    const keep = Math.max(SHEET_END.length, ROW.length + LONGEST_NUMBER);
    yield held.slice(0, -keep);
    held = held.slice(-keep);
  }
  if (!held.endsWith(SHEET_END) || Number(lastRow) !== rows)
    throw cannotAppend(file, `its last sheet does not end with row ${rows}`);
  yield held.slice(0, -SHEET_END.length);
  yield* rowsXml(added, { from: 0, to: room }, rows + 1);
  yield SHEET_END;
}
