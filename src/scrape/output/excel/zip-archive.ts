import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile as ReadableZip } from 'yauzl';
import { ZipFile } from 'yazl';
import { cannotAppendError } from '../output-columns.ts';

/** No workbook of this program has more parts. */
const MAX_PARTS = 1_000;

/** A ZIP archive, opened for reading. */
export class ZipArchive {
  readonly #file: string;
  readonly #zip: ReadableZip;
  readonly #entries: readonly Entry[];

  private constructor(file: string, zip: ReadableZip, entries: readonly Entry[]) {
    this.#file = file;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws ScrapeError `output` for a file that is not an archive; errors of the file system */
  static async open(file: string): Promise<ZipArchive> {
    const zip = await openPromise(file, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
      throw toUnreadableError(file, error);
    });
    try {
      const entries: Entry[] = [];
      for await (const entry of zip.eachEntry()) {
        entries.push(entry);
        if (entries.length > MAX_PARTS) throw new Error('it has too many parts');
      }
      return new ZipArchive(file, zip, entries);
    } catch (error) {
      zip.close();
      throw toUnreadableError(file, error);
    }
  }

  get names(): string[] {
    return this.#entries.map(({ fileName }) => fileName);
  }

  close(): void {
    this.#zip.close();
  }

  /**
   * Reads a part as text, in chunks.
   * @throws ScrapeError `output` at the end if the content does not match its checksum or size
   */
  async *text(name: string): AsyncGenerator<string> {
    const entry = this.#entries.find(({ fileName }) => fileName === name);
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    let sum = 0;
    let source: Readable | undefined;
    try {
      if (entry === undefined) throw new Error(`it has no ${name}`);
      source = await this.#zip.openReadStreamPromise(entry);
      for await (const chunk of source as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum);
        yield decoder.decode(chunk, { stream: true });
      }
      yield decoder.decode();
      if (sum !== entry.crc32) throw new Error(`the checksum of ${name} is wrong`);
    } catch (error) {
      throw toUnreadableError(this.#file, error);
    } finally {
      source?.destroy();
    }
  }
}

/** Errors of the file system stay unchanged. */
function toUnreadableError(file: string, error: unknown): unknown {
  if (error instanceof Error && 'syscall' in error) return error;
  const why = error instanceof Error ? error.message : String(error);
  return cannotAppendError(file, `it is not a complete workbook (${why})`, error);
}

/** A part of a package: its name and its content. */
export interface ZipEntry {
  name: string;
  content: AsyncIterable<string | Uint8Array> | string;
}

/** Fixed values: the same parts give the same bytes at any time. */
const OPTIONS = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };

/** Packs the parts into a ZIP archive. The parts are read one after the other. */
export async function* packZip(parts: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const bytes = zip.outputStream as Readable;
  const sources = new Set<Readable>();
  zip.on('error', (error: Error) => bytes.destroy(error));
  for (const { name, content } of parts) {
    zip.addReadStreamLazy(name, OPTIONS, (yieldChunk) => {
      const source = Readable.from(typeof content === 'string' ? [content] : content, { objectMode: false });
      source.on('error', (error) => bytes.destroy(error));
      sources.add(source);
      yieldChunk(null, source);
    });
  }
  zip.end();
  try {
    for await (const chunk of bytes) yield chunk as Uint8Array;
  } finally {
    // A consumer that stops early would leave open the files that are being read.
    for (const source of sources) source.destroy();
  }
}
