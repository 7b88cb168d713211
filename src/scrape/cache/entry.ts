import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';

/** An answer that is kept. */
export interface KeptAnswer {
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

const LARGEST = 11_000_000;

const head = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  cookie: z.string(),
  headers: z.record(z.string(), z.string()),
});

/** A kept answer as the bytes of one file: gzip, whose check sum tells one that is cut or damaged. */
export async function toFile({ name, cookie, headers, body }: KeptAnswer): Promise<Buffer> {
  const line = JSON.stringify({ version: 1, name, cookie, headers } satisfies z.input<typeof head>);
  return pack(Buffer.concat([Buffer.from(`${line}\n`), body]));
}

/** The answer that such a file holds. @throws when it is damaged, or not such a file */
export async function fromFile(file: Buffer): Promise<KeptAnswer> {
  const bytes = await unpack(file, { maxOutputLength: LARGEST });
  const end = bytes.indexOf('\n');
  const { version: _, ...rest } = head.parse(JSON.parse(bytes.toString('utf8', 0, end)));
  return { ...rest, body: bytes.subarray(end + 1) };
}
