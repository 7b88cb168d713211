import type { WorkerMessage } from '../protocol/messages.ts';
import { RESEND_AFTER_MS } from './file-sender.ts';

export type CheckpointMessage = Extract<WorkerMessage, { kind: 'checkpoint' }>;

/** A short run sends no checkpoint, in milliseconds: fetching its pages again costs less. */
const FIRST_AFTER_MS = 1_000;
/** The minimum interval between two checkpoints, in milliseconds… */
const MIN_INTERVAL_MS = 250;
/** …and so much more for each byte of the last one. */
const INTERVAL_MS_PER_BYTE = 1 / 200;

/**
 * Sends the checkpoints of an attempt home, one at a time, each after the items that it speaks of. The caller sends
 * {@link next}, and passes the home's answers to {@link acknowledge}. Each of them may be lost, repeated or late.
 */
export class CheckpointSender {
  readonly #token: string;
  readonly #now: () => number;
  #latest: Pick<CheckpointMessage, 'items' | 'data'> | undefined;
  #sent: CheckpointMessage | undefined;
  #isAcknowledged = true;
  #sentAt = Number.NEGATIVE_INFINITY;
  #dueAt: number;

  /** @param now a monotonic clock, in milliseconds */
  constructor(token: string, now: () => number = () => performance.now()) {
    this.#token = token;
    this.#now = now;
    this.#dueAt = now() + FIRST_AFTER_MS;
  }

  /** The attempt has written a checkpoint, or null: there is none any more. */
  add(checkpoint: { items: number; text: string } | null): void {
    this.#latest = { items: checkpoint?.items ?? 0, data: Buffer.from(checkpoint?.text ?? '') };
  }

  /**
   * The attempt has ended.
   * @param hasFailed whether another one may continue it; otherwise the home has all rows, and needs no newer checkpoint
   */
  end(hasFailed: boolean): void {
    this.#dueAt = Number.NEGATIVE_INFINITY;
    if (!hasFailed && this.#latest?.data.length !== 0) this.#latest = undefined;
  }

  /** The home has said which checkpoint it has. */
  acknowledge(number: number): void {
    if (this.#sent === undefined) return;
    this.#isAcknowledged = number === this.#sent.number;
    // A home that was restarted does not remember it.
    if (!this.#isAcknowledged) this.#sentAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Returns the checkpoint to send now.
   * @param sentItems how many bytes of the items have been sent
   */
  next(sentItems: number): CheckpointMessage | undefined {
    const now = this.#now();
    if (!this.#isAcknowledged && now - this.#sentAt <= RESEND_AFTER_MS) return undefined;
    if (this.#latest !== undefined && now >= this.#dueAt && this.#latest.items <= sentItems) {
      const number = this.#number() + 1;
      this.#sent = { kind: 'checkpoint', token: this.#token, number, ...this.#latest };
      this.#latest = undefined;
      this.#isAcknowledged = false;
      this.#dueAt = now + MIN_INTERVAL_MS + this.#sent.data.length * INTERVAL_MS_PER_BYTE;
    }
    if (this.#isAcknowledged || this.#sent === undefined || this.#sent.items > sentItems) return undefined;
    this.#sentAt = now;
    return this.#sent;
  }

  /** Returns the number of the last checkpoint; it is final when the attempt has ended, and nothing is left to send. */
  last(): number | undefined {
    return this.#latest === undefined ? this.#number() : undefined;
  }

  #number(): number {
    return this.#sent?.number ?? 0;
  }
}
