import type { FileHandle } from 'node:fs/promises';
import { parseItem } from '../runs/run-files.ts';

const CHUNK_BYTES = 1 << 18;
const NEWLINE = 0x0a;

/** A line of a file: its bytes are `bytes.subarray(start, end)`, which change after the call, and begin at `offset`. */
export type OnLine = (bytes: Buffer, start: number, end: number, offset: number) => void;

/**
 * Passes all lines of an item file on, in order. A last line without its end counts only if it is a whole item: a run
 * may be writing it, or may have been killed.
 * @param onChunk called after each part of the file, with the bytes that were read; what it throws ends the scan
 */
export async function scanLines(
  file: FileHandle,
  onLine: OnLine,
  onChunk: (bytes: number) => void = () => undefined,
): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  /** The parts of a line that goes on in the next chunk. */
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) {
      const last = Buffer.concat(begun);
      if (parseItem(last.toString('utf8')) !== undefined) onLine(last, 0, begunBytes, at - begunBytes);
      return;
    }
    const bytes = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      if (begunBytes === 0) onLine(bytes, start, end, at + start);
      else {
        begun.push(bytes.subarray(0, end));
        onLine(Buffer.concat(begun), 0, begunBytes + end, at - begunBytes);
        begun = [];
        begunBytes = 0;
      }
      start = end + 1;
    }
    if (start < bytesRead) {
      begun.push(Buffer.from(bytes.subarray(start)));
      begunBytes += bytesRead - start;
    }
    at += bytesRead;
    onChunk(at);
  }
}
