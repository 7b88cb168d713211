import type { OutputLocation } from '../../core/execution/output-location.ts';
import { pluralize } from '../../core/lib/text.ts';
import { countedChanges } from '../../core/quality/counted-changes.ts';
import { getChangeRules } from '../config/changes.ts';
import { getColumns, getDateColumns, getFetchTimeFields, getPriceColumns } from '../config/config-fields.ts';
import { exportItems } from '../output/export-items.ts';
import { exportNewRows, requireOnlyFormat } from '../output/export-new-rows.ts';
import { AppendRecord, type ExportOptions } from '../output/export-options.ts';
import type { PagesRequest } from '../source/pages-request.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/** What a run writes, and where. */
export interface OutputRequest extends Pick<PagesRequest, 'config' | 'signal' | 'log'> {
  /** The destination of the rows; null leaves them in the staging file. */
  output: (Pick<OutputLocation, 'file' | 'format'> & Partial<OutputLocation>) | null;
  /** `items.jsonl` of the run. */
  stagingFile: string;
  /** File of the record of an append to the output; default: none, because no other attempt continues. */
  appendRecordFile?: string;
  /** The file of the rows that the job has written (`output.only`); default: there is no job. */
  knownRowsFile?: string;
}

/** Writes the staged rows of a run to its output. Warnings go to the log and into `stats`. */
export async function writeOutput(
  request: OutputRequest,
  output: NonNullable<OutputRequest['output']>,
  stats: ScrapeStats,
): Promise<void> {
  const { config, stagingFile, appendRecordFile, signal, log } = request;
  const { append, delimiter, bom, escape_formulas: escapeFormulas, table = output.name, key } = config.output;
  const fields = getColumns(config);
  // Texts that look like dates are converted only in columns where dates are expected.
  const dates = new Set(config.data_cleaning.convert_dates ? fields : getDateColumns(config));
  const note = appendRecordFile === undefined ? undefined : new AppendRecord(appendRecordFile);
  const prices = new Set(getPriceColumns(config));
  const rows = { stagingFile, fields, signal };
  const options = {
    ...output,
    append,
    note,
    delimiter,
    bom,
    escapeFormulas,
    table,
    key,
    dates,
    prices,
    ...rows,
  };
  for (const text of await exportOutput(options, stats, request)) {
    stats.addWarning(text);
    log('warn', text);
  }
}

/** Writes all rows, or with `output.only` those that the job has not written yet. */
async function exportOutput(
  options: ExportOptions,
  stats: ScrapeStats,
  { config, knownRowsFile: knownFile, log }: OutputRequest,
): Promise<string[]> {
  const { only } = config.output;
  if (only === undefined) return exportItems(options);
  requireOnlyFormat(options.format);
  if (knownFile === undefined)
    return [...(await exportItems(options)), 'output.only is for the runs of a job: all rows are written'];
  const rules = getChangeRules(config);
  const counted = countedChanges(rules, rules.key, getFetchTimeFields(config));
  const { added, warnings } = await exportNewRows(options, { only, key: rules.key, counted, knownFile });
  log(
    'info',
    `${added} of ${pluralize(stats.items, 'row')} ${added === 1 ? 'is' : 'are'} ${only === 'new' ? 'new' : 'new or changed'}`,
  );
  return warnings;
}
