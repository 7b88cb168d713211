import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { late } from '../../core/lib/late-modules.ts';
import { ScrapeError, throwIfCancelled } from '../lib/scrape-error.ts';
import {
  ALREADY_APPENDED,
  type ExistingFile,
  type ExportOptions,
  type ExportPlan,
  getFileFingerprint,
} from './export-options.ts';
import { prepareTarget, toOutputError } from './output-target.ts';
import { replaceOutput } from './replace-output.ts';

/** How many times an append is attempted when other programs also append to the file. */
const MAX_APPEND_ATTEMPTS = 10;

/**
 * Writes the staged items to the output file. Items are streamed, so their number is not limited by memory.
 * @returns warnings for the user about the written file
 * @throws ScrapeError `output` or `cancelled`, and the errors of `mayWrite`; an existing file is then unchanged
 */
export async function exportItems(options: ExportOptions): Promise<string[]> {
  for (let tries = 1; tries <= MAX_APPEND_ATTEMPTS; tries++) {
    const warnings = await tryExport(options);
    if (warnings !== undefined) return warnings;
  }
  throw new ScrapeError('output', `${options.file} is constantly changed by other programs`, {
    hint: 'Let only one job at a time write to a file, or put {job_id} or {run_id} into the output path.',
  });
}

/**
 * Checks before a run whether rows can be appended to the existing file, as far as this can be known without rows. A
 * workbook of another program is refused.
 * @throws ScrapeError `output`
 */
export async function checkAppend({
  file,
  format,
  append,
  table = 'items',
}: Pick<ExportOptions, 'file' | 'format' | 'append' | 'table'>): Promise<void> {
  if (format !== 'excel' || !append) return;
  const there = await stat(file).catch(() => undefined);
  if (there === undefined || !there.isFile() || there.size === 0) return;
  const { readExistingWorkbook } = await import('./excel/append-to-workbook.ts');
  await readExistingWorkbook(file, table).catch((error: unknown) => {
    throw toOutputError(error, file);
  });
}

/** @returns `undefined` if another program changed the file during the append */
async function tryExport(options: ExportOptions): Promise<string[] | undefined> {
  const target = await prepareTarget(options.file, options.mayWrite ?? (() => {}));
  if (options.format === 'sqlite') {
    const { writeDatabase } = await loadSqlite();
    return writeDatabase(options, target);
  }
  const note = options.append ? options.note : undefined;
  if (target.existing !== undefined && (await note?.matches(getFileFingerprint(target.existing))))
    return [ALREADY_APPENDED];
  const size = target.existing?.size ?? 0;
  const present = options.append && size > 0 ? { file: target.file, size } : undefined;
  const { version, warnings } = await createPlan(options, present).catch((error: unknown) => {
    throw toOutputError(error, options.file);
  });
  const content = untilCancelled(version.content, options.signal);
  const beforePlaced = note && (async (stats: Stats) => note.write(getFileFingerprint(stats), target));
  const next = { ...version, content, ...(beforePlaced && { beforePlaced }) };
  return (await replaceOutput(target, next)) ? warnings() : undefined;
}

/** The modules of a format are loaded only when it is used. */
const loadSqlite = late(() => import('./sqlite/write-database.ts'));
const loadExcel = late(() => import('./excel/plan-excel.ts'));
const loadCsv = late(() => import('./csv.ts'));
const loadJson = late(() => import('./json.ts'));

/**
 * Loads what {@link exportItems} needs. A run that takes hours would not find it at its end when the program has been
 * upgraded meanwhile.
 */
export async function loadFormat(format: ExportOptions['format']): Promise<void> {
  const load = { sqlite: loadSqlite, excel: loadExcel, csv: loadCsv }[format as string] ?? loadJson;
  await load();
}

async function createPlan(options: ExportOptions, present: ExistingFile | undefined): Promise<ExportPlan> {
  switch (options.format) {
    case 'excel':
      return (await loadExcel()).planExcel(options, present);
    case 'csv':
      return (await loadCsv()).planCsv(options, present);
    default:
      return (await loadJson()).planJson(options, present);
  }
}

async function* untilCancelled<T>(content: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const piece of content) {
    throwIfCancelled(signal);
    yield piece;
  }
}
