import { lstatSync, readdirSync } from 'node:fs';
import { rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { freeSpace } from '../../core/free-space.ts';
import { sweepTempFiles, writeFileDurably } from '../../core/store/atomic-file.ts';
import { makeOwnFolder } from '../../core/store/own-folder.ts';
import { readRegularFile } from '../../core/store/read-regular-file.ts';
import { fromFile, type KeptAnswer, toFile } from './entry.ts';

/** What the kept answers of a job take on the disk at most, and of what is free there. */
const MOST_BYTES = 64 * 1024 * 1024;
const SHARE_OF_FREE = 0.1;
/** A file takes whole blocks. */
const BLOCK = 4096;
const LARGEST_FILE = 11_000_000;

const ENTRY = /^([0-9a-f]{40})\.page$/;

interface Room {
  /** Bytes that all files take. */
  used: number;
  limit: number;
  sizes: Map<string, number>;
  /** Names that no run has needed for longest come last. */
  old: string[];
}

/**
 * A job's kept answers, a file each, replaced as a whole. The file's time says when a run needed it last. When they take
 * too much, those that were not needed for longest go, but none that this run has needed: of more pages than fit, the first
 * ones stay. Each new one taking the oldest one's place, a run would find none of those that it comes to.
 */
export class CacheFolder {
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #needed = new Set<string>();
  #room: Room | undefined;

  constructor(folder: string, mostBytes = MOST_BYTES) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
  }

  /** The answer that is kept under this name; undefined when there is none, it is damaged, or this run has had it. */
  async find(name: string): Promise<KeptAnswer | undefined> {
    if (this.#needed.has(name)) return undefined;
    try {
      const kept = await fromFile(readRegularFile(this.#file(name), LARGEST_FILE));
      return kept.name === name ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  /** Notes that this run has needed it. */
  async touch(name: string): Promise<void> {
    this.#needed.add(name);
    const now = new Date();
    // Only its place among the old ones hangs on it.
    await utimes(this.#file(name), now, now).catch(() => undefined);
  }

  /** @returns whether there was room for it @throws QuickscrapeError `store_unavailable`, `not_allowed` */
  async put(answer: KeptAnswer): Promise<boolean> {
    const bytes = await toFile(answer);
    const size = sizeOnDisk(bytes.length);
    const room = this.#lookedAt();
    const more = size - (room.sizes.get(answer.name) ?? 0);
    await this.#makeRoom(room, more, answer.name);
    if (room.used + more > room.limit || bytes.length > LARGEST_FILE) {
      await this.remove(answer.name);
      return false;
    }
    await writeFileDurably(this.#file(answer.name), bytes, { sync: false });
    this.#needed.add(answer.name);
    room.used += more;
    room.sizes.set(answer.name, size);
    return true;
  }

  async remove(name: string): Promise<void> {
    await rm(this.#file(name), { force: true });
    if (this.#room === undefined) return;
    this.#room.used -= this.#room.sizes.get(name) ?? 0;
    this.#room.sizes.delete(name);
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.page`);
  }

  async #makeRoom(room: Room, more: number, but: string): Promise<void> {
    while (room.used + more > room.limit) {
      const oldest = room.old.pop();
      if (oldest === undefined) return;
      if (oldest !== but && !this.#needed.has(oldest)) await this.remove(oldest);
    }
  }

  /** Looked at once a run, when there is something to keep. */
  #lookedAt(): Room {
    if (this.#room !== undefined) return this.#room;
    for (const folder of [dirname(this.#folder), this.#folder]) makeOwnFolder(folder);
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
    this.#room = {
      used,
      limit: Math.min(this.#mostBytes, used + free * SHARE_OF_FREE),
      sizes: new Map(files.map(({ name, size }) => [name, size])),
      old: files.map(({ name }) => name),
    };
    return this.#room;
  }
}

function sizeOnDisk(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}
