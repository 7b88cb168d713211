import { ScrapeError } from '../../lib/scrape-error.ts';
import type { ExistingFile, ExportOptions, ExportPlan } from '../export-options.ts';
import {
  createCellColumns,
  describeMissingColumns,
  emptyColumns,
  type FoundColumn,
  findColumns,
  matchColumns,
} from '../output-columns.ts';
import { appendToWorkbook, countSheetsAfterAppend, readExistingWorkbook } from './append-to-workbook.ts';
import { MoneyFormats } from './money-cells.ts';
import { MAX_COLUMNS, MAX_ROWS, TruncatedCells, toHeaderText } from './sheet-rows.ts';
import { countSheets, createWorkbookParts, OWN_STYLES, stylesWith } from './workbook.ts';
import { packZip } from './zip-archive.ts';

/**
 * Plans a new workbook with a sheet of the rows, or an append to a workbook that this program wrote.
 * @throws ScrapeError `output` if the workbook cannot hold the rows
 */
export async function planExcel(
  options: ExportOptions,
  present: ExistingFile | undefined,
): Promise<ExportPlan> {
  const { stagingFile, fields, prices, table = 'items', dates = NO_DATES, moneyAsNumbers = false } = options;
  const formats = new MoneyFormats();
  const { columns: found, rows: count } = await findColumns(stagingFile, (value) => {
    if (moneyAsNumbers) formats.note(value);
  });
  if (present !== undefined) return planAppend({ ...options, table, dates }, present, found, count);
  const columns = createCellColumns(found.length > 0 ? found : emptyColumns(fields), { fields, prices });
  if (columns.length > MAX_COLUMNS) {
    const limit = MAX_COLUMNS.toLocaleString('en-US');
    throw new ScrapeError(
      'output',
      `the rows have ${columns.length} columns, and a sheet has ${limit} at most`,
      {
        hint: 'Use format csv, json or jsonl.',
      },
    );
  }
  const cut = new TruncatedCells();
  const rows = { stagingFile, columns, dates, styles: stylesWith(formats.list()), cut };
  const content = packZip(createWorkbookParts(table, rows, { columns, count }));
  return {
    version: { keep: 0, content, addsToPresent: false },
    warnings: () => [...cut.warnings(), ...warnSheets(countSheets(count))],
  };
}

const NO_DATES: ReadonlySet<string> = new Set();

async function planAppend(
  {
    stagingFile,
    fields,
    prices,
    table,
    dates,
  }: Pick<ExportOptions, 'stagingFile' | 'fields' | 'prices'> & { table: string; dates: ReadonlySet<string> },
  { file }: ExistingFile,
  found: readonly FoundColumn[],
  count: number,
): Promise<ExportPlan> {
  const workbook = await readExistingWorkbook(file, table);
  const cut = new TruncatedCells();
  const cellOf = (name: string) => toHeaderText(name, new TruncatedCells());
  const { columns, missing } = matchColumns(file, workbook.columns, found, { fields, prices }, cellOf);
  const rows = { stagingFile, columns, dates, styles: OWN_STYLES, cut };
  const content = appendToWorkbook(file, workbook, rows, count);
  return {
    version: { keep: 0, content, addsToPresent: true },
    warnings: () => [
      ...describeMissingColumns(file, missing),
      ...cut.warnings(),
      ...warnSheets(countSheetsAfterAppend(workbook, count)),
    ],
  };
}

function warnSheets(sheets: number): string[] {
  if (sheets === 1) return [];
  const limit = MAX_ROWS.toLocaleString('en-US');
  return [`the rows are on ${sheets} sheets, since one has at most ${limit} rows`];
}
