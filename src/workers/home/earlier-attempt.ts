import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { MAX_CHECKPOINT_BYTES } from '../../core/execution/collect-task.ts';
import type { GrantedRun } from '../../core/execution/granted-run.ts';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { refuseLink } from '../../core/fs/symlinks.ts';
import { wrapUnavailable } from '../../core/fs/system-errors.ts';
import { isRecord, tryParseJson } from '../../core/lib/json.ts';
import type { RunFiles } from '../../core/runs/run-files.ts';
import { type HomeMessage, MAX_PIECE_BYTES } from '../protocol/messages.ts';

type Part = Extract<HomeMessage, { kind: 'earlier' }>;

/** More items of an earlier attempt are not sent to a worker, in bytes. */
const MAX_ITEM_BYTES = 64 * 1024 * 1024;
/** The most bytes that one question is answered with. It also limits what a run takes in Redis. */
const WINDOW_BYTES = 1_048_576;
/** The same part is not sent again sooner, in milliseconds. */
const REPEAT_AFTER_MS = 2_000;

/**
 * Finds what an earlier attempt of a run has left for the next one.
 * @returns its sizes, or why a worker starts from the first page without it, where that is worth telling
 */
export function findEarlierAttempt(
  files: RunFiles,
  maxItemBytes = MAX_ITEM_BYTES,
): Pick<GrantedRun, 'earlier' | 'startsOver'> {
  const size = lstatSync(files.checkpoint, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return {};
  if (size > MAX_CHECKPOINT_BYTES)
    return { startsOver: 'the checkpoint of the earlier attempt exceeds 1 MB' };
  const checkpoint = tryParseJson(readText(files.checkpoint));
  const items = isRecord(checkpoint) ? checkpoint['itemBytes'] : undefined;
  if (!Number.isSafeInteger(items) || Number(items) < 0)
    return { startsOver: 'the checkpoint of an earlier attempt cannot be read' };
  if (Number(items) > (lstatSync(files.items, { throwIfNoEntry: false })?.size ?? 0))
    return { startsOver: 'some items of the earlier attempt are missing' };
  if (Number(items) > maxItemBytes)
    return {
      startsOver: `the items of the earlier attempt exceed ${Math.floor(maxItemBytes / 2 ** 20)} MB, which is the most that a worker gets`,
    };
  return { earlier: { items: Number(items), checkpoint: size } };
}

/** What an earlier attempt has left, as its worker asks for it. Nothing else changes it until the worker has it. */
export class EarlierAttempt {
  readonly #files: RunFiles;
  readonly #sizes: NonNullable<GrantedRun['earlier']>;
  readonly #now: () => number;
  #sentTo = 0;
  #sentAt = Number.NEGATIVE_INFINITY;

  /** @param now a monotonic clock, in milliseconds */
  constructor(files: RunFiles, sizes: NonNullable<GrantedRun['earlier']>, now: () => number) {
    this.#files = files;
    this.#sizes = sizes;
    this.#now = now;
  }

  /**
   * Returns the parts from an offset on; none when they are on their way.
   * @throws QuickscrapeError `store_unavailable`; `not_allowed` for a link
   */
  read(at: number): Pick<Part, 'at' | 'data'>[] {
    const { items, checkpoint } = this.#sizes;
    const now = this.#now();
    if (at < this.#sentTo && now - this.#sentAt < REPEAT_AFTER_MS) return [];
    const end = Math.min(at + WINDOW_BYTES, items + checkpoint);
    const parts: Pick<Part, 'at' | 'data'>[] = [];
    for (let from = at; from < end; ) {
      const [file, offset, limit] =
        from < items
          ? [this.#files.items, from, Math.min(end, items)]
          : [this.#files.checkpoint, from - items, end];
      const data = readRange(file, offset, Math.min(MAX_PIECE_BYTES, limit - from));
      if (data.byteLength === 0) break;
      parts.push({ at: from, data });
      from += data.byteLength;
    }
    this.#sentTo = end;
    this.#sentAt = now;
    return parts;
  }
}

function readText(file: string): string {
  try {
    return readRegularFile(file, MAX_CHECKPOINT_BYTES).toString('utf8');
  } catch {
    return '';
  }
}

function readRange(file: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
  return wrapUnavailable(`cannot read ${file}`, () => {
    refuseLink(file);
    const fd = openSync(file, 'r');
    try {
      const data = new Uint8Array(length);
      return data.subarray(0, readSync(fd, data, 0, length, offset));
    } finally {
      closeSync(fd);
    }
  });
}
