import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { isGzip } from '../../core/model/output-format.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { ExistingFile, ExportPlan } from './export-options.ts';

/** A text file that is added to: perhaps compressed, as the path says that was asked for. */
export interface ExistingText extends ExistingFile {
  gzip: boolean;
}

/** A plan for a file that begins anew. @param path as it was asked for: its ending says whether it is compressed */
export function createFilePlan(path: string, text: AsyncIterable<string>): ExportPlan {
  const content = isGzip(path) ? gzipText(text) : text;
  return { version: { keep: 0, content, addsToPresent: false }, warnings: () => [] };
}

/** A plan that adds lines to a file: to a compressed one as a further member, which every reader reads on. */
export async function createAppendPlan(
  present: ExistingText,
  text: AsyncIterable<string>,
  warnings: string[],
): Promise<ExportPlan> {
  const complete = present.gzip ? await endsWithNewlineUncompressed(present) : await endsWithNewline(present);
  const lines = complete ? text : prependText('\n', text);
  const content = present.gzip ? gzipText(lines) : lines;
  return { version: { keep: present.size, content, addsToPresent: true }, warnings: () => warnings };
}

/** The bytes of a text file, what is compressed as it was before. */
export function readText({ file, gzip }: ExistingText): Readable {
  const source = createReadStream(file);
  if (!gzip) return source;
  return pipeline(source, createGunzip(), () => {
    // Whoever reads is told of it.
  });
}

/** Compresses a text as one member of a gzip file. */
export function gzipText(text: AsyncIterable<string | Uint8Array>): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(text, { objectMode: true }), createGzip(), () => {
    // Whoever reads is told of it.
  });
}

export async function* prependText(
  first: string | Uint8Array,
  text: AsyncIterable<string>,
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

/** Reads all of it, and so sees whether it is whole: what follows a damaged member is lost to every reader. */
async function endsWithNewlineUncompressed(present: ExistingText): Promise<boolean> {
  let last = NEWLINE;
  try {
    for await (const chunk of readText(present)) last = (chunk as Buffer).at(-1) ?? last;
  } catch (error) {
    throw toGzipError(present, error);
  }
  return last === NEWLINE;
}

/** What is said of a file that cannot be read as it is named; an error of the system stays as it is. */
export function toGzipError({ file }: ExistingFile, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('Z_')) return error;
  return new ScrapeError('output', `cannot append to ${file}: it is not a whole gzip file (${code})`, {
    hint: 'Move the file away, use another output path, or set append: false.',
    cause: error,
  });
}
