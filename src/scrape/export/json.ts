import { readFile } from 'node:fs/promises';
import { jsonLines } from '../../core/run/run-files.ts';
import { ScrapeError } from '../errors.ts';

/** The largest file that is read to see whether rows can be added to it. */
const MAX_JSON_BYTES = 256_000_000;

/** A JSON array with one item a line, so that versions compare line by line. @param before what the text follows */
export async function* jsonText(
  stagingFile: string,
  before: 'nothing' | 'open' | 'items',
): AsyncGenerator<string> {
  let between = before === 'items' ? ',\n' : '\n';
  if (before === 'nothing') yield '[';
  for await (const lines of jsonLines(stagingFile)) {
    yield between + lines.join(',\n');
    between = ',\n';
  }
  yield before === 'nothing' && between === '\n' ? ']\n' : '\n]\n';
}

/**
 * Where the items of a JSON array end, so that further ones can follow: what comes before the closing bracket stays
 * as it is.
 * @throws ScrapeError `output` when the file is no JSON array, or too large to tell
 */
export async function jsonToAppend(
  file: string,
  size: number,
): Promise<{ keep: number; before: 'open' | 'items' }> {
  if (size > MAX_JSON_BYTES) {
    throw refused(
      file,
      `it is over ${MAX_JSON_BYTES / 1_000_000} MB`,
      'Use format jsonl, which grows without being read.',
    );
  }
  const bytes = await readFile(file);
  const length = arrayLength(bytes);
  if (length === undefined) {
    throw refused(
      file,
      'it is no JSON array',
      'Use another output path, move the file away, or set append: false.',
    );
  }
  const close = bytes.lastIndexOf(']');
  const keep = bytes.subarray(0, close).toString('latin1').trimEnd().length;
  return { keep, before: length === 0 ? 'open' : 'items' };
}

function arrayLength(bytes: Buffer): number | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    return Array.isArray(value) ? value.length : undefined;
  } catch {
    return undefined;
  }
}

function refused(file: string, reason: string, hint: string): ScrapeError {
  return new ScrapeError('output', `cannot append to ${file}: ${reason}`, { hint });
}
