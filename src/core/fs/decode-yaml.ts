import { isUtf8 } from 'node:buffer';
import { QuickscrapeError } from '../lib/errors.ts';

/**
 * Decodes the text of a YAML file. Bytes that are not UTF-8 are an error: if they were dropped, they would silently
 * change a selector or an address. A byte order mark stays.
 * @param file the name in messages
 * @throws QuickscrapeError `invalid_config` with the position of the first such byte
 */
export function decodeYaml(bytes: Uint8Array, file: string): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (isUtf8(bytes)) return text;
  const { at, byte } = findInvalidByte(bytes, text);
  const before = text.slice(0, at).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  const message = `the byte 0x${byte.toString(16).padStart(2, '0').toUpperCase()} is not UTF-8`;
  const hint = 'Save the file with the encoding UTF-8.';
  throw new QuickscrapeError('invalid_config', `${file}:${line}:${column}: ${message}`, {
    hint,
    issues: [{ path: '', message, file, line, column, hint }],
  });
}

/** Decoding replaces invalid bytes with U+FFFD; a U+FFFD that the file contains consists of three valid bytes. */
function findInvalidByte(bytes: Uint8Array, text: string): { at: number; byte: number } {
  let [from, offset] = [0, 0];
  for (;;) {
    const at = text.indexOf('\uFFFD', from);
    if (at < 0) return { at: text.length, byte: bytes.at(-1) ?? 0 };
    offset += Buffer.byteLength(text.slice(from, at));
    const [first = 0, second, third] = bytes.subarray(offset, offset + 3);
    if (first !== 0xef || second !== 0xbf || third !== 0xbd) return { at, byte: first };
    offset += 3;
    from = at + 1;
  }
}
