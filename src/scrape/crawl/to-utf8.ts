import { getCharset } from '../extract/load-page.ts';
import { readStart } from '../http/content-coding.ts';

/** The byte order marks of the encodings that do not contain ASCII. */
const MARKS: readonly (readonly [encoding: string, mark: Buffer])[] = [
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A body in UTF-8, and its content type. */
interface Utf8Body {
  body: AsyncIterable<Buffer>;
  contentType: string;
}

/**
 * Converts a body to UTF-8 as it arrives. The byte order mark names its encoding, or else the charset of its content type
 * (as load-page.ts does for pages); without either it stays as it is.
 */
export async function toUtf8(body: AsyncIterable<Buffer>, contentType: string): Promise<Utf8Body> {
  const { start, all } = await readStart(body, UTF8_MARK.length);
  const encoding = findEncoding(start, contentType);
  if (encoding === undefined) return { body: all, contentType };
  const [type = ''] = contentType.split(';');
  return { body: decode(all, encoding), contentType: `${type.trim()}; charset=utf-8` };
}

function findEncoding(start: Buffer, contentType: string): string | undefined {
  if (start.equals(UTF8_MARK)) return undefined;
  const marked = MARKS.find(([, mark]) => start.subarray(0, mark.length).equals(mark))?.[0];
  if (marked !== undefined) return marked;
  try {
    const { encoding } = new TextDecoder(getCharset(contentType));
    return encoding === 'utf-8' ? undefined : encoding;
  } catch {
    return undefined;
  }
}

async function* decode(body: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of body) yield Buffer.from(decoder.decode(piece, { stream: true }));
  yield Buffer.from(decoder.decode());
}
