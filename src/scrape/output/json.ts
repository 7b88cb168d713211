import { createReadStream } from 'node:fs';
import { isRecord } from '../../core/lib/json.ts';
import { truncateList } from '../../core/lib/text.ts';
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

/** The largest JSON file that is read to check whether rows can be appended. */
const MAX_JSON_BYTES = 256_000_000;
/** The bytes that are copied at a time. */
const READ_BYTES = 1 << 20;
/** The longest first line that is read to check whether a file is JSON lines. */
const MAX_LINE_BYTES = 16_000_000;

const HINT = 'Use another output path, move the file away, or set append: false.';

/** Whether an existing JSON array is empty (`open`) or has items. */
export type ArrayState = 'open' | 'items';

type Fields = Record<string, unknown>;

/**
 * Finds the end of the items of a JSON array, where further items can follow. The text before the closing bracket stays
 * unchanged.
 * @returns `kept` the bytes before the bracket, `keep` their number, `first` the first item if it is a record
 * @throws ScrapeError `output` if the file is not a JSON array, or too large to check
 */
export async function findArrayEnd(
  present: ExistingText,
): Promise<{ keep: number; kept: Buffer; before: ArrayState; first: Fields | undefined }> {
  const bytes = await readStart(present, MAX_JSON_BYTES);
  if (bytes.length > MAX_JSON_BYTES) {
    const reason = `it is over ${MAX_JSON_BYTES / 1_000_000} MB`;
    throw toRefusal(present, reason, 'Use format jsonl, which is appended to without being read.');
  }
  const array = tryParse(bytes.toString('utf8'));
  if (!Array.isArray(array)) throw toRefusal(present, 'it is not a JSON array', HINT);
  const close = bytes.lastIndexOf(']');
  const keep = bytes.subarray(0, close).toString('latin1').trimEnd().length;
  const before = array.length === 0 ? 'open' : 'items';
  return { keep, kept: bytes.subarray(0, keep), before, first: toRecord(array[0]) };
}

/**
 * Reads the first item of a file of JSON lines.
 * @returns `undefined` if the file has only empty lines
 * @throws ScrapeError `output` if the first line is not a JSON object: added rows would not fit into such a file
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
  throw toRefusal(present, 'its first line is not a JSON object, so it is not a file of JSON lines', HINT);
}

/**
 * Reads the start of a file: at most slightly more than `most` bytes.
 * @param until stop after this character
 */
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
  return isRecord(value) ? value : undefined;
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
  // A compressed file cannot be truncated before its bracket, so it is compressed again as a whole.
  const content = text.gzip ? gzipText(prependText(kept, rest)) : rest;
  return { version: { keep: text.gzip ? 0 : keep, content, addsToPresent: true }, warnings: () => warnings };
}

/** The staged file is JSON lines already. It is opened when it is read: before, an error would have no listener. */
async function* toLines(stagingFile: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(stagingFile, { highWaterMark: READ_BYTES });
}

/**
 * Creates a JSON array with one item per line, so that line diffs work.
 * @param before the content that the text follows
 */
async function* toArray(stagingFile: string, before: 'nothing' | ArrayState): AsyncGenerator<string> {
  let between = before === 'items' ? ',\n' : '\n';
  if (before === 'nothing') yield '[';
  for await (const lines of jsonLines(stagingFile)) {
    yield between + lines.join(',\n');
    between = ',\n';
  }
  yield before === 'nothing' && between === '\n' ? ']\n' : '\n]\n';
}

/**
 * JSON rows contain their field names, so new fields are possible. They are most likely a mistake, hence the warning.
 */
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
