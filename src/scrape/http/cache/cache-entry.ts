import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';

/** An answer that is kept. */
export interface CachedResponse {
  /** What it is kept under (rules.ts). */
  name: string;
  /** What its cookies were, as a digest, where the page depends on them; else ''. */
  cookie: string;
  /** Those that say what the body is and how to ask after it; names in lower case. */
  headers: Record<string, string>;
  /** Unpacked, 10 MB at most. */
  body: Buffer;
}

const pack = promisify(gzip);
const unpack = promisify(gunzip);

const MAX_BYTES = 11_000_000;

const headSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  cookie: z.string(),
  headers: z.record(z.string(), z.string()),
});

/** A kept answer as the bytes of one file: gzip, whose check sum tells one that is cut or damaged. */
export async function encodeCacheEntry({ name, cookie, headers, body }: CachedResponse): Promise<Buffer> {
  const line = JSON.stringify({ version: 1, name, cookie, headers } satisfies z.input<typeof headSchema>);
  return pack(Buffer.concat([Buffer.from(`${line}\n`), body]));
}

/** The answer that such a file holds. @throws when it is damaged, or not such a file */
export async function decodeCacheEntry(file: Buffer): Promise<CachedResponse> {
  const bytes = await unpack(file, { maxOutputLength: MAX_BYTES });
  const end = bytes.indexOf('\n');
  const { version: _, ...rest } = headSchema.parse(JSON.parse(bytes.toString('utf8', 0, end)));
  return { ...rest, body: bytes.subarray(end + 1) };
}
