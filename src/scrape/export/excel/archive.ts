import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { cannotAppend } from '../append-columns.ts';

/** More parts than any workbook of ours has. */
const MOST_PARTS = 1_000;

/** A ZIP archive that is read. */
export class Archive {
  readonly #file: string;
  readonly #zip: ZipFile;
  readonly #entries: readonly Entry[];

  private constructor(file: string, zip: ZipFile, entries: readonly Entry[]) {
    this.#file = file;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws ScrapeError `output` for a file that is no archive; errors of the file system */
  static async open(file: string): Promise<Archive> {
    const zip = await openPromise(file, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
      throw unreadable(file, error);
    });
    try {
      const entries: Entry[] = [];
      for await (const entry of zip.eachEntry()) {
        entries.push(entry);
        if (entries.length > MOST_PARTS) throw new Error('it has too many parts');
      }
      return new Archive(file, zip, entries);
    } catch (error) {
      zip.close();
      throw unreadable(file, error);
    }
  }

  get names(): string[] {
    return this.#entries.map(({ fileName }) => fileName);
  }

  close(): void {
    this.#zip.close();
  }

  /**
   * A part as text, piece by piece.
   * @throws ScrapeError `output` at its end when it is not what was packed
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
      throw unreadable(this.#file, error);
    } finally {
      source?.destroy();
    }
  }
}

/** What the file system says stays as it is. */
function unreadable(file: string, error: unknown): unknown {
  if (error instanceof Error && 'syscall' in error) return error;
  const why = error instanceof Error ? error.message : String(error);
  return cannotAppend(file, `it is no whole workbook (${why})`, error);
}
