import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  MAX_PIECE_BYTES,
  RUN_FILE_NAMES,
  type RunFileName,
  type WorkerMessage,
} from '../protocol/messages.ts';

export type Piece = Extract<WorkerMessage, { kind: 'piece' }>;
type StartOver = Extract<WorkerMessage, { kind: 'start_over' }>;

/** The most bytes of a run that are sent and not acknowledged. It also limits what a run takes in Redis. */
export const WINDOW_BYTES = 1_048_576;
/** Bytes that are not acknowledged by then are sent again, in milliseconds. */
export const RESEND_AFTER_MS = 5_000;

/** These grow while the attempt is active. The others are sent when it has ended. */
const GROWING: readonly RunFileName[] = ['run.log', 'items.jsonl'];

/** How far a file is, in bytes of the file on this machine. */
interface Progress {
  sent: number;
  /** What the home says that it has. */
  acknowledged: number;
  /** When the first of the bytes that are not acknowledged was sent, or the last of the others acknowledged. */
  at: number;
}

/**
 * Sends a run's files home in pieces while they grow, from where the home says that its copies end. It has no queue:
 * the caller sends {@link next}, and passes the home's answers to {@link acknowledge}. Each of them may be lost,
 * repeated or late.
 */
export class FileSender {
  readonly #folder: string;
  readonly #token: string;
  readonly #logAt: number;
  readonly #now: () => number;
  readonly #files = new Map<RunFileName, Progress>();
  /** `held`: the attempt may yet start over. `removing`: the home has to remove the items of the earlier attempt. */
  #items: 'held' | 'removing' | 'sent' = 'sent';
  #removingSince = Number.NEGATIVE_INFINITY;
  #ended = false;

  /**
   * @param folder the folder of the run on this machine
   * @param logAt the size of run.log at home when the attempt began, in bytes: the log goes on there
   * @param earlierItems the size of the items of an earlier attempt that both sides have
   * @param now a monotonic clock, in milliseconds
   */
  constructor(
    folder: string,
    token: string,
    logAt: number,
    earlierItems?: number,
    now: () => number = () => performance.now(),
  ) {
    this.#folder = folder;
    this.#token = token;
    this.#logAt = logAt;
    this.#now = now;
    if (earlierItems === undefined) return;
    this.#items = 'held';
    this.#files.set('items.jsonl', { sent: earlierItems, acknowledged: earlierItems, at: now() });
  }

  /** The attempt adds to the items of the earlier one, or has removed them here. */
  begin(isContinued: boolean): void {
    if (this.#items !== 'held') return;
    this.#items = isContinued ? 'sent' : 'removing';
    if (!isContinued) this.#files.delete('items.jsonl');
  }

  /** The attempt has ended, and its files do not change any more. */
  end(): void {
    this.#ended = true;
    this.begin(true);
  }

  /** How many bytes of the items have been sent, at least once. */
  get sentItems(): number {
    return this.#files.get('items.jsonl')?.sent ?? 0;
  }

  /** The home has said how many bytes it has of a file. */
  acknowledge(file: RunFileName, size: number): void {
    if (file === 'items.jsonl' && this.#items === 'removing') {
      if (size > 0) return;
      this.#items = 'sent';
    }
    const progress = this.#progressOf(file);
    const here = Math.max(0, size - this.#offsetOf(file));
    if (here > progress.acknowledged) progress.at = this.#now();
    progress.acknowledged = here;
    progress.sent = Math.max(progress.sent, here);
  }

  /**
   * Returns the pieces to send now, as the window allows.
   * @throws system errors, when a file cannot be read
   */
  next(): Piece[] {
    for (const progress of this.#files.values()) {
      const isOverdue = this.#now() - progress.at > RESEND_AFTER_MS;
      if (progress.sent > progress.acknowledged && isOverdue) progress.sent = progress.acknowledged;
    }
    return this.#names().flatMap((file) => this.#piecesOf(file));
  }

  /** Returns what has to arrive before the items, if the attempt does not continue the earlier one. */
  startOver(): StartOver | undefined {
    const isDue = this.#now() - this.#removingSince > RESEND_AFTER_MS;
    if (this.#items !== 'removing' || !isDue) return undefined;
    this.#removingSince = this.#now();
    return { kind: 'start_over', token: this.#token };
  }

  /** Whether the home has still to remove the items of the earlier attempt. */
  get isRemoving(): boolean {
    return this.#items === 'removing';
  }

  /** Returns the sizes of all files as the home counts them; they are final when the attempt has ended. */
  sizes(): Partial<Record<RunFileName, number>> {
    const entries = this.#names().flatMap((file) => {
      const size = statSync(join(this.#folder, file), { throwIfNoEntry: false })?.size;
      return size === undefined ? [] : [[file, size + this.#offsetOf(file)] as const];
    });
    return Object.fromEntries(entries);
  }

  /** Whether the home has acknowledged all bytes of all files. */
  isAtHome(): boolean {
    if (this.#items === 'removing') return false;
    return Object.entries(this.sizes()).every(
      ([file, size]) =>
        this.#progressOf(file as RunFileName).acknowledged >= size - this.#offsetOf(file as RunFileName),
    );
  }

  #names(): readonly RunFileName[] {
    return this.#ended ? RUN_FILE_NAMES : GROWING;
  }

  #offsetOf(file: RunFileName): number {
    return file === 'run.log' ? this.#logAt : 0;
  }

  #progressOf(file: RunFileName): Progress {
    let progress = this.#files.get(file);
    if (progress === undefined) {
      progress = { sent: 0, acknowledged: 0, at: this.#now() };
      this.#files.set(file, progress);
    }
    return progress;
  }

  #piecesOf(file: RunFileName): Piece[] {
    if (file === 'items.jsonl' && this.#items !== 'sent') return [];
    const fd = openIfExists(join(this.#folder, file));
    if (fd === undefined) return [];
    const pieces: Piece[] = [];
    try {
      const progress = this.#progressOf(file);
      const { size } = fstatSync(fd);
      while (progress.sent < size && this.#unacknowledgedBytes() < WINDOW_BYTES) {
        const data = Buffer.allocUnsafe(Math.min(MAX_PIECE_BYTES, size - progress.sent));
        const read = readSync(fd, data, 0, data.length, progress.sent);
        if (read === 0) break;
        if (progress.sent === progress.acknowledged) progress.at = this.#now();
        const at = progress.sent + this.#offsetOf(file);
        pieces.push({ kind: 'piece', token: this.#token, file, at, data: data.subarray(0, read) });
        progress.sent += read;
      }
    } finally {
      closeSync(fd);
    }
    return pieces;
  }

  #unacknowledgedBytes(): number {
    let bytes = 0;
    for (const { sent, acknowledged } of this.#files.values()) bytes += sent - acknowledged;
    return bytes;
  }
}

function openIfExists(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
