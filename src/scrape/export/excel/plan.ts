import { ScrapeError } from '../../errors.ts';
import { emptyColumns, findColumns } from '../columns.ts';
import type { ExportOptions, Plan } from '../options.ts';
import { MAX_COLUMNS, MAX_ROWS } from './limits.ts';
import { packed } from './packed.ts';
import { CutCells } from './rows.ts';
import { OWN_STYLES, sheetCount, workbookParts } from './workbook.ts';

/** Plans a workbook with a sheet of the rows. @throws ScrapeError `output` when it cannot hold them */
export async function planExcel(options: ExportOptions): Promise<Plan> {
  const { stagingFile, fields, table = 'items', dates = NONE } = options;
  const { columns: found, rows: count } = await findColumns(stagingFile);
  const columns = found.length > 0 ? found : emptyColumns(fields);
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
  const cut = new CutCells();
  const names = columns.map(({ name }) => name);
  const rows = { stagingFile, columns: names, dates, styles: OWN_STYLES, cut };
  const content = packed(workbookParts(table, rows, { columns, count }));
  return {
    version: { keep: 0, content, addsToPresent: false },
    warnings: () => [...cut.warnings(), ...sheetWarnings(count)],
  };
}

const NONE: ReadonlySet<string> = new Set();

function sheetWarnings(count: number): string[] {
  const sheets = sheetCount(count);
  if (sheets === 1) return [];
  const limit = MAX_ROWS.toLocaleString('en-US');
  return [`the rows are on ${sheets} sheets, since one has at most ${limit} rows`];
}
