import { endingOf, isGzip } from '../../../core/run/output-format.ts';
import { missingWarnings } from '../append-columns.ts';
import { findColumns } from '../columns.ts';
import type { ExportOptions, Plan, Present } from '../options.ts';
import { csvText } from './csv.ts';
import { columnsToAppend } from './csv-header.ts';
import { addLines, fresh } from './text-file.ts';

export async function planCsv(options: ExportOptions, present: Present | undefined): Promise<Plan> {
  const { stagingFile, file, bom = false, escapeFormulas = true } = options;
  const delimiter = options.delimiter ?? (/^\.tsv/i.test(endingOf(file)) ? '\t' : ',');
  const style = { delimiter, bom, escapeFormulas };
  const names = (await findColumns(stagingFile)).columns.map(({ name }) => name);
  if (present === undefined) {
    const columns = names.length === 0 ? options.fields : names;
    return fresh(file, csvText(stagingFile, columns, style, true));
  }
  const text = { ...present, gzip: isGzip(file) };
  const { columns, missing } = await columnsToAppend(text, names, style);
  const warnings = missingWarnings(present.file, missing);
  return addLines(text, csvText(stagingFile, columns, style, false), warnings);
}
