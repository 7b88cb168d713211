import { fileExtension, isGzip } from '../../../core/model/output-format.ts';
import { describeMissingColumns } from '../append-columns.ts';
import type { ExistingFile, ExportOptions, ExportPlan } from '../export-options.ts';
import { emptyColumns, findColumns } from '../output-columns.ts';
import { createCellColumns } from '../price-cells.ts';
import { createAppendPlan, createFilePlan } from '../text-file.ts';
import { createCsv } from './csv.ts';
import { matchHeaderColumns } from './csv-header.ts';

export async function planCsv(
  options: ExportOptions,
  present: ExistingFile | undefined,
): Promise<ExportPlan> {
  const { stagingFile, file, fields, prices, bom = false, escapeFormulas = true } = options;
  const delimiter = options.delimiter ?? (/^\.tsv/i.test(fileExtension(file)) ? '\t' : ',');
  const style = { delimiter, bom, escapeFormulas };
  const { columns: found } = await findColumns(stagingFile);
  const rules = { fields, prices };
  if (present === undefined) {
    const columns = createCellColumns(found.length > 0 ? found : emptyColumns(fields), rules);
    return createFilePlan(file, createCsv(stagingFile, columns, style, true));
  }
  const text = { ...present, gzip: isGzip(file) };
  const { columns, missing } = await matchHeaderColumns(text, found, rules, style);
  const warnings = describeMissingColumns(present.file, missing);
  return createAppendPlan(text, createCsv(stagingFile, columns, style, false), warnings);
}
