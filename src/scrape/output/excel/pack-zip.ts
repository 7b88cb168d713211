import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

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
