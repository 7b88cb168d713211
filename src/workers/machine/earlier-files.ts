import { closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openToAppend } from '../../core/runs/run-files.ts';
import type { Grant, HomeMessage, WorkerMessage } from '../protocol/messages.ts';
import { RESEND_AFTER_MS, WINDOW_BYTES } from './file-sender.ts';

type Wanted = Extract<WorkerMessage, { kind: 'want_earlier' }>;
type Part = Extract<HomeMessage, { kind: 'earlier' }>;

/** Without a new byte for so long, the attempt is given up, in milliseconds. */
export const STALLED_AFTER_MS = 60_000;

/**
 * Fetches what an earlier attempt of a run has left, before its next one begins here: the items into the folder of the
 * run, the checkpoint into memory. The caller sends {@link next}, and passes what arrives to {@link receive}. Each of
 * them may be lost, repeated or late.
 */
export class EarlierFiles {
  readonly #folder: string;
  readonly #token: string;
  readonly #sizes: NonNullable<Grant['earlier']>;
  readonly #now: () => number;
  readonly #checkpoint: Uint8Array[] = [];
  #received = 0;
  /** Up to where the home was asked. */
  #askedTo = 0;
  #askedAt = 0;
  #receivedAt: number;

  /**
   * @param folder the folder of the run on this machine
   * @param sizes as the home says
   * @param now a monotonic clock, in milliseconds
   */
  constructor(
    folder: string,
    token: string,
    sizes: NonNullable<Grant['earlier']>,
    now: () => number = () => performance.now(),
  ) {
    this.#folder = folder;
    this.#token = token;
    this.#sizes = sizes;
    this.#now = now;
    this.#receivedAt = now();
  }

  /** Returns the question to send now, if any. */
  next(): Wanted | undefined {
    const now = this.#now();
    const isOverdue = now - Math.max(this.#askedAt, this.#receivedAt) > RESEND_AFTER_MS;
    if (this.isComplete || (this.#received < this.#askedTo && !isOverdue)) return undefined;
    this.#askedTo = Math.min(this.#received + WINDOW_BYTES, this.#total());
    this.#askedAt = now;
    return { kind: 'want_earlier', token: this.#token, at: this.#received };
  }

  /**
   * Adds a part, unless a part before it is missing or it is there already.
   * @throws system errors; QuickscrapeError `not_allowed` for a link
   */
  receive({ at, data }: Pick<Part, 'at' | 'data'>): void {
    const news = data.subarray(Math.max(0, this.#received - at), Math.max(0, this.#total() - at));
    if (at > this.#received || news.byteLength === 0) return;
    const ofItems = Math.min(news.byteLength, Math.max(0, this.#sizes.items - this.#received));
    if (ofItems > 0) {
      const items = openToAppend(join(this.#folder, 'items.jsonl'));
      try {
        writeFileSync(items, news.subarray(0, ofItems));
      } finally {
        closeSync(items);
      }
    }
    this.#checkpoint.push(news.subarray(ofItems));
    this.#received += news.byteLength;
    this.#receivedAt = this.#now();
  }

  get isComplete(): boolean {
    return this.#received === this.#total();
  }

  /** Whether the home does not answer. */
  get isStalled(): boolean {
    return this.#now() - this.#receivedAt > STALLED_AFTER_MS;
  }

  /** The text of the checkpoint, when all is there. */
  checkpoint(): string {
    return Buffer.concat(this.#checkpoint).toString('utf8');
  }

  #total(): number {
    return this.#sizes.items + this.#sizes.checkpoint;
  }
}
