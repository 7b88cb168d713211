import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { isGzip } from '../../core/model/output-format.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { ExistingFile, ExportPlan } from './export-options.ts';

/** An existing text file that rows are appended to. It is compressed if its path says so. */
export interface ExistingText extends ExistingFile {
  gzip: boolean;
}

/**
 * Plans a new file.
 * @param path the requested path; its extension decides whether the file is compressed
 */
export function createFilePlan(path: string, text: AsyncIterable<string | Uint8Array>): ExportPlan {
  const content = isGzip(path) ? gzipText(text) : text;
  return { version: { keep: 0, content, addsToPresent: false }, warnings: () => [] };
}

/** Plans an append of lines to a file. A compressed file gets a further gzip member, which every reader supports. */
export async function createAppendPlan(
  present: ExistingText,
  text: AsyncIterable<string | Uint8Array>,
  warnings: string[],
): Promise<ExportPlan> {
  const complete = present.gzip ? await endsWithNewlineUncompressed(present) : await endsWithNewline(present);
  const lines = complete ? text : prependText('\n', text);
  const content = present.gzip ? gzipText(lines) : lines;
  return { version: { keep: present.size, content, addsToPresent: true }, warnings: () => warnings };
}

/** The uncompressed bytes of a text file. */
export function readText({ file, gzip }: ExistingText): Readable {
  const source = createReadStream(file);
  if (!gzip) return source;
  return pipeline(source, createGunzip(), () => {
    // The reader receives the error.
  });
}

/** Compresses a text as one member of a gzip file. */
export function gzipText(text: AsyncIterable<string | Uint8Array>): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(text, { objectMode: true }), createGzip(), () => {
    // The reader receives the error.
  });
}

export async function* prependText(
  first: string | Uint8Array,
  text: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  yield first;
  yield* text;
}

async function endsWithNewline({ file, size }: ExistingFile): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === NEWLINE;
  } finally {
    await handle.close();
  }
}

const NEWLINE = 0x0a;

/** Reads the whole file, and so detects damage: readers lose everything after a damaged member. */
async function endsWithNewlineUncompressed(present: ExistingText): Promise<boolean> {
  let last = NEWLINE;
  try {
    for await (const chunk of readText(present)) last = (chunk as Buffer).at(-1) ?? last;
  } catch (error) {
    throw toGzipError(present, error);
  }
  return last === NEWLINE;
}

/** Converts an error of zlib into a ScrapeError for a file that cannot be decompressed. Other errors stay unchanged. */
export function toGzipError({ file }: ExistingFile, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('Z_')) return error;
  return new ScrapeError('output', `cannot append to ${file}: it is not a whole gzip file (${code})`, {
    hint: 'Move the file away, use another output path, or set append: false.',
    cause: error,
  });
}
