import { jsonLines } from '../../core/run/run-files.ts';
import { ScrapeError, throwIfCancelled } from '../errors.ts';
import { columnsToAppend, csvColumns, csvText } from './csv.ts';
import { endsWithNewline } from './ends-with-newline.ts';
import { jsonText, jsonToAppend } from './json.ts';
import { outputError } from './output-error.ts';
import { type NewVersion, replaceFile } from './replace-file.ts';
import { prepareTarget } from './target.ts';

/** How often adding to a file that others add to, too, is tried. */
const APPEND_TRIES = 10;

export interface ExportOptions {
  stagingFile: string;
  /** Absolute. */
  file: string;
  /** Throws for a place that `file` leads to and that must not be written. */
  mayWrite?(place: string): void;
  format: 'csv' | 'json' | 'jsonl';
  /** Keep what is there and add to it. */
  append: boolean;
  /** One character; for csv. */
  delimiter: string;
  /** The columns of a csv file without rows. */
  fields: readonly string[];
  signal: AbortSignal;
}

/** An existing file that is added to. */
interface Present {
  file: string;
  size: number;
}

/**
 * Writes the staged items to the output file, in UTF-8, however many there are: they are streamed, never held.
 * @throws ScrapeError `output` or `cancelled`, what `mayWrite` throws; the file that was there before is untouched
 */
export async function exportItems(options: ExportOptions): Promise<void> {
  for (let tries = 1; !(await tryExport(options)); tries++) {
    if (tries < APPEND_TRIES) continue;
    throw new ScrapeError('output', `${options.file} is changed by other programs all the time`, {
      hint: 'Let only one job at a time write a file, or put {job_id} or {run_id} into the output path.',
    });
  }
}

/** @returns false when the file that is added to was changed meanwhile */
async function tryExport(options: ExportOptions): Promise<boolean> {
  const target = await prepareTarget(options.file, options.mayWrite ?? (() => {}));
  const size = target.existing?.size ?? 0;
  const present = options.append && size > 0 ? { file: target.file, size } : undefined;
  const version = await nextVersion(options, present).catch((error: unknown) => {
    throw outputError(error, options.file);
  });
  return replaceFile(target, { keep: version.keep, text: untilCancelled(version.text, options.signal) });
}

function nextVersion(options: ExportOptions, present: Present | undefined): Promise<NewVersion> {
  if (options.format === 'csv') return csvVersion(options, present);
  return options.format === 'json' ? jsonVersion(options, present) : jsonlVersion(options, present);
}

async function csvVersion(options: ExportOptions, present: Present | undefined): Promise<NewVersion> {
  const { stagingFile, delimiter } = options;
  const found = await csvColumns(stagingFile);
  if (present === undefined) {
    const columns = found.length === 0 ? options.fields : found;
    return { keep: 0, text: csvText(stagingFile, columns, { delimiter, header: true }) };
  }
  const columns = await columnsToAppend(present.file, found, delimiter);
  return addLines(present, csvText(stagingFile, columns, { delimiter, header: false }));
}

async function jsonVersion(
  { stagingFile }: ExportOptions,
  present: Present | undefined,
): Promise<NewVersion> {
  if (present === undefined) return { keep: 0, text: jsonText(stagingFile, 'nothing') };
  const { keep, before } = await jsonToAppend(present.file, present.size);
  return { keep, text: jsonText(stagingFile, before) };
}

async function jsonlVersion(
  { stagingFile }: ExportOptions,
  present: Present | undefined,
): Promise<NewVersion> {
  const text = jsonlText(stagingFile);
  return present === undefined ? { keep: 0, text } : addLines(present, text);
}

async function* jsonlText(stagingFile: string): AsyncGenerator<string> {
  for await (const lines of jsonLines(stagingFile)) yield `${lines.join('\n')}\n`;
}

async function addLines({ file, size }: Present, text: AsyncIterable<string>): Promise<NewVersion> {
  const complete = await endsWithNewline(file, size);
  return { keep: size, text: complete ? text : startingWith('\n', text) };
}

async function* startingWith(first: string, text: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* text;
}

async function* untilCancelled(text: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<string> {
  for await (const piece of text) {
    throwIfCancelled(signal);
    yield piece;
  }
}
