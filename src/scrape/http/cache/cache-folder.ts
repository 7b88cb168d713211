import { lstatSync, readdirSync } from 'node:fs';
import { rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import { sweepTempFiles, writeFileDurably } from '../../../core/fs/atomic-file.ts';
import { freeSpace } from '../../../core/fs/disk-space.ts';
import { makePrivateFolder } from '../../../core/fs/private-folder.ts';
import { readRegularFile } from '../../../core/fs/read-regular-file.ts';

/** A cached response. */
export interface CachedResponse {
  /** The cache key (page-cache.ts). */
  name: string;
  /** Digest of the request's cookies if the page depends on them, else ''. */
  cookie: string;
  /** The headers that describe the body and allow a conditional request; names in lower case. */
  headers: Record<string, string>;
  /** Decompressed, at most 10 MB. */
  body: Buffer;
}

const pack = promisify(gzip);
const unpack = promisify(gunzip);

const MAX_ENTRY_BYTES = 11_000_000;

const headSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  cookie: z.string(),
  headers: z.record(z.string(), z.string()),
});

/** Encodes a cached response as one file. gzip's checksum detects a truncated or damaged file. */
export async function encodeCacheEntry({ name, cookie, headers, body }: CachedResponse): Promise<Buffer> {
  const line = JSON.stringify({ version: 1, name, cookie, headers } satisfies z.input<typeof headSchema>);
  return pack(Buffer.concat([Buffer.from(`${line}\n`), body]));
}

/**
 * Decodes such a file.
 * @throws if the file is damaged or of another kind
 */
export async function decodeCacheEntry(file: Buffer): Promise<CachedResponse> {
  const bytes = await unpack(file, { maxOutputLength: MAX_ENTRY_BYTES });
  const end = bytes.indexOf('\n');
  const { version: _, ...rest } = headSchema.parse(JSON.parse(bytes.toString('utf8', 0, end)));
  return { ...rest, body: bytes.subarray(end + 1) };
}

/** The most disk space that a job's cached responses take, and the largest share of the free space. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_SHARE_OF_FREE_SPACE = 0.1;
/** A file occupies whole blocks. */
const BLOCK_BYTES = 4096;
const MAX_FILE_BYTES = 11_000_000;

const ENTRY = /^([0-9a-f]{40})\.page$/;

interface CacheUsage {
  /** Bytes of all files. */
  used: number;
  limit: number;
  sizes: Map<string, number>;
  /** The names that have been unused for longest are at the end. */
  leastRecentlyUsed: string[];
}

/**
 * A job's cached responses: one file each, replaced atomically. A file's time is the last use by a run. Over the limit,
 * the entries that have been unused for longest are removed, but none that this run has used. If not all pages fit, the
 * first ones therefore stay. If each new page replaced the oldest one, a run would find none of its pages.
 */
export class CacheFolder {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #needed = new Set<string>();
  #usage: CacheUsage | undefined;

  constructor(folder: string, maxBytes = MAX_BYTES) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /**
   * Returns the cached response of this name; undefined if there is none, it is damaged, or this run has already used
   * it.
   */
  async find(name: string): Promise<CachedResponse | undefined> {
    if (this.#needed.has(name)) return undefined;
    try {
      const entry = await decodeCacheEntry(readRegularFile(this.#file(name), MAX_FILE_BYTES));
      return entry.name === name ? entry : undefined;
    } catch {
      return undefined;
    }
  }

  /** Records that this run has used it. */
  async touch(name: string): Promise<void> {
    this.#needed.add(name);
    const now = new Date();
    // A failure affects only its place in the order of removal.
    await utimes(this.#file(name), now, now).catch(() => undefined);
  }

  /**
   * @returns whether there was space for it
   * @throws QuickscrapeError `store_unavailable`, `not_allowed`
   */
  async put(answer: CachedResponse): Promise<boolean> {
    const bytes = await encodeCacheEntry(answer);
    const size = sizeOnDisk(bytes.length);
    const usage = this.#lookedAt();
    const more = size - (usage.sizes.get(answer.name) ?? 0);
    await this.#makeRoom(usage, more, answer.name);
    if (usage.used + more > usage.limit || bytes.length > MAX_FILE_BYTES) {
      await this.remove(answer.name);
      return false;
    }
    await writeFileDurably(this.#file(answer.name), bytes, { sync: false });
    this.#needed.add(answer.name);
    usage.used += more;
    usage.sizes.set(answer.name, size);
    return true;
  }

  async remove(name: string): Promise<void> {
    await rm(this.#file(name), { force: true });
    if (this.#usage === undefined) return;
    this.#usage.used -= this.#usage.sizes.get(name) ?? 0;
    this.#usage.sizes.delete(name);
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.page`);
  }

  async #makeRoom(usage: CacheUsage, more: number, but: string): Promise<void> {
    while (usage.used + more > usage.limit) {
      const oldest = usage.leastRecentlyUsed.pop();
      if (oldest === undefined) return;
      if (oldest !== but && !this.#needed.has(oldest)) await this.remove(oldest);
    }
  }

  /** The folder is read once per run, when there is something to save. */
  #lookedAt(): CacheUsage {
    if (this.#usage !== undefined) return this.#usage;
    for (const folder of [dirname(this.#folder), this.#folder]) makePrivateFolder(folder);
    sweepTempFiles(this.#folder);
    const files = readdirSync(this.#folder).flatMap((file) => {
      const name = ENTRY.exec(basename(file))?.[1];
      const stats =
        name === undefined ? undefined : lstatSync(join(this.#folder, file), { throwIfNoEntry: false });
      return name === undefined || stats === undefined
        ? []
        : [{ name, size: sizeOnDisk(stats.size), at: stats.mtimeMs }];
    });
    files.sort((a, b) => b.at - a.at);
    const used = files.reduce((sum, { size }) => sum + size, 0);
    const free = freeSpace(this.#folder).bytes ?? Number.POSITIVE_INFINITY;
    this.#usage = {
      used,
      limit: Math.min(this.#maxBytes, used + free * MAX_SHARE_OF_FREE_SPACE),
      sizes: new Map(files.map(({ name, size }) => [name, size])),
      leastRecentlyUsed: files.map(({ name }) => name),
    };
    return this.#usage;
  }
}

function sizeOnDisk(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
