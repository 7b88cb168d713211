import { truncateList } from '../../core/lib/truncate-list.ts';
import { isGzip } from '../../core/model/output-format.ts';
import { jsonLines } from '../../core/runs/run-files.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { ExistingFile, ExportOptions, ExportPlan } from './export-options.ts';
import { findColumns } from './output-columns.ts';
import {
  createAppendPlan,
  createFilePlan,
  type ExistingText,
  gzipText,
  prependText,
  readText,
  toGzipError,
} from './text-file.ts';

/** The largest array that is read to see whether rows can be added to it. */
const MAX_JSON_BYTES = 256_000_000;
/** The longest first line that is read to see whether a file is JSON lines. */
const MAX_LINE_BYTES = 16_000_000;

const HINT = 'Use another output path, move the file away, or set append: false.';

/** What a JSON array holds so far. */
export type ArrayState = 'open' | 'items';

type Fields = Record<string, unknown>;

/**
 * Where the items of a JSON array end, so that further ones can follow: what comes before the closing bracket stays
 * as it is.
 * @returns `kept` the bytes before the bracket, `keep` how many, `first` the first item, if it is a record
 * @throws ScrapeError `output` when the file is no JSON array, or too large to tell
 */
export async function findArrayEnd(
  present: ExistingText,
): Promise<{ keep: number; kept: Buffer; before: ArrayState; first: Fields | undefined }> {
  const bytes = await readStart(present, MAX_JSON_BYTES);
  if (bytes.length > MAX_JSON_BYTES) {
    const reason = `it is over ${MAX_JSON_BYTES / 1_000_000} MB`;
    throw toRefusal(present, reason, 'Use format jsonl, which grows without being read.');
  }
  const array = tryParse(bytes.toString('utf8'));
  if (!Array.isArray(array)) throw toRefusal(present, 'it is no JSON array', HINT);
  const close = bytes.lastIndexOf(']');
  const keep = bytes.subarray(0, close).toString('latin1').trimEnd().length;
  const before = array.length === 0 ? 'open' : 'items';
  return { keep, kept: bytes.subarray(0, keep), before, first: toRecord(array[0]) };
}

/**
 * The first item of a file of JSON lines.
 * @returns `undefined` when it has no line but empty ones
 * @throws ScrapeError `output` when its first line is no JSON object: what is added would be lost in it
 */
export async function readFirstLine(present: ExistingText): Promise<Fields | undefined> {
  const bytes = await readStart(present, MAX_LINE_BYTES, '\n');
  const line =
    bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimStart()
      .split('\n', 1)[0] ?? '';
  if (line.trim() === '') return undefined;
  const first = toRecord(tryParse(line));
  if (first !== undefined || bytes.length > MAX_LINE_BYTES) return first;
  throw toRefusal(present, 'its first line is no JSON object, so it is no file of JSON lines', HINT);
}

/** Reads a little more than `most` bytes at most. @param until the sign after which no more is needed */
async function readStart(present: ExistingText, most: number, until?: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  let state = false;
  try {
    for await (const piece of readText(present)) {
      const chunk = piece as Buffer;
      chunks.push(chunk);
      length += chunk.length;
      state ||= /[^\s\uFEFF]/.test(chunk.toString('utf8'));
      if (length > most || (until !== undefined && state && chunk.includes(until))) break;
    }
  } catch (error) {
    throw toGzipError(present, error);
  }
  return Buffer.concat(chunks);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function toRecord(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function toRefusal({ file }: ExistingText, reason: string, hint: string): ScrapeError {
  return new ScrapeError('output', `cannot append to ${file}: ${reason}`, { hint });
}

/** Plans JSON lines, or a JSON array. */
export async function planJson(
  options: ExportOptions,
  present: ExistingFile | undefined,
): Promise<ExportPlan> {
  const { file, format, stagingFile } = options;
  const text = present && { ...present, gzip: isGzip(file) };
  if (format === 'jsonl') {
    const lines = toLines(stagingFile);
    if (text === undefined) return createFilePlan(file, lines);
    return createAppendPlan(
      text,
      lines,
      await describeNewFields(text, await readFirstLine(text), stagingFile),
    );
  }
  if (text === undefined) return createFilePlan(file, toArray(stagingFile, 'nothing'));
  const { keep, kept, before, first } = await findArrayEnd(text);
  const rest = toArray(stagingFile, before);
  const warnings = await describeNewFields(text, first, stagingFile);
  // What is compressed cannot be cut off before its bracket: it is compressed anew.
  const content = text.gzip ? gzipText(prependText(kept, rest)) : rest;
  return { version: { keep: text.gzip ? 0 : keep, content, addsToPresent: true }, warnings: () => warnings };
}

async function* toLines(stagingFile: string): AsyncGenerator<string> {
  for await (const lines of jsonLines(stagingFile)) yield `${lines.join('\n')}\n`;
}

/** A JSON array with one item a line, so that versions compare line by line. @param before what the text follows */
async function* toArray(stagingFile: string, before: 'nothing' | ArrayState): AsyncGenerator<string> {
  let between = before === 'items' ? ',\n' : '\n';
  if (before === 'nothing') yield '[';
  for await (const lines of jsonLines(stagingFile)) {
    yield between + lines.join(',\n');
    between = ',\n';
  }
  yield before === 'nothing' && between === '\n' ? ']\n' : '\n]\n';
}

/** Rows of JSON carry the names of their fields, so others may follow; that they do is most likely not meant. */
async function describeNewFields(
  { file }: ExistingText,
  first: Record<string, unknown> | undefined,
  stagingFile: string,
): Promise<string[]> {
  if (first === undefined) return [];
  const { columns } = await findColumns(stagingFile);
  const added = columns.map(({ name }) => name).filter((name) => !Object.hasOwn(first, name));
  return added.length === 0
    ? []
    : [`the first row of ${file} has no field ${truncateList(added)}: new rows do`];
}
