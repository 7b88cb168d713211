import { ScrapeError } from '../../errors.ts';
import { notGzip, type PresentText, readText } from './text-file.ts';

/** The largest array that is read to see whether rows can be added to it. */
const MAX_JSON_BYTES = 256_000_000;
/** The longest first line that is read to see whether a file is JSON lines. */
const MAX_LINE_BYTES = 16_000_000;

const OTHER_PLACE = 'Use another output path, move the file away, or set append: false.';

/** What a JSON array holds so far. */
export type Begun = 'open' | 'items';

type Fields = Record<string, unknown>;

/**
 * Where the items of a JSON array end, so that further ones can follow: what comes before the closing bracket stays
 * as it is.
 * @returns `kept` the bytes before the bracket, `keep` how many, `first` the first item, if it is a record
 * @throws ScrapeError `output` when the file is no JSON array, or too large to tell
 */
export async function arrayToAppend(
  present: PresentText,
): Promise<{ keep: number; kept: Buffer; before: Begun; first: Fields | undefined }> {
  const bytes = await readUpTo(present, MAX_JSON_BYTES);
  if (bytes.length > MAX_JSON_BYTES) {
    const reason = `it is over ${MAX_JSON_BYTES / 1_000_000} MB`;
    throw refused(present, reason, 'Use format jsonl, which grows without being read.');
  }
  const array = parsed(bytes.toString('utf8'));
  if (!Array.isArray(array)) throw refused(present, 'it is no JSON array', OTHER_PLACE);
  const close = bytes.lastIndexOf(']');
  const keep = bytes.subarray(0, close).toString('latin1').trimEnd().length;
  const before = array.length === 0 ? 'open' : 'items';
  return { keep, kept: bytes.subarray(0, keep), before, first: fieldsIn(array[0]) };
}

/**
 * The first item of a file of JSON lines.
 * @returns `undefined` when it has no line but empty ones
 * @throws ScrapeError `output` when its first line is no JSON object: what is added would be lost in it
 */
export async function firstOfLines(present: PresentText): Promise<Fields | undefined> {
  const bytes = await readUpTo(present, MAX_LINE_BYTES, '\n');
  const line =
    bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimStart()
      .split('\n', 1)[0] ?? '';
  if (line.trim() === '') return undefined;
  const first = fieldsIn(parsed(line));
  if (first !== undefined || bytes.length > MAX_LINE_BYTES) return first;
  throw refused(present, 'its first line is no JSON object, so it is no file of JSON lines', OTHER_PLACE);
}

/** Reads a little more than `most` bytes at most. @param until the sign after which no more is needed */
async function readUpTo(present: PresentText, most: number, until?: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  let begun = false;
  try {
    for await (const piece of readText(present)) {
      const chunk = piece as Buffer;
      chunks.push(chunk);
      length += chunk.length;
      begun ||= /[^\s\uFEFF]/.test(chunk.toString('utf8'));
      if (length > most || (until !== undefined && begun && chunk.includes(until))) break;
    }
  } catch (error) {
    throw notGzip(present, error);
  }
  return Buffer.concat(chunks);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function fieldsIn(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function refused({ file }: PresentText, reason: string, hint: string): ScrapeError {
  return new ScrapeError('output', `cannot append to ${file}: ${reason}`, { hint });
}
