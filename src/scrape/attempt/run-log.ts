import { closeSync, writeSync } from 'node:fs';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Redact } from '../../core/lib/redact.ts';
import { replaceControlCharacters } from '../../core/lib/sanitize-text.ts';
import type { AttemptResult, RunRecord } from '../../core/model/run-record.ts';
import { capLog } from '../../core/runs/cap-log.ts';
import { openRunLog, type RunFiles } from '../../core/runs/run-files.ts';
import { sanitizeLog } from '../../core/runs/sanitize-log.ts';
import type { Workspace } from '../../core/workspace.ts';
import { ScrapeError, toOutOfMemoryError } from '../lib/scrape-error.ts';

type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const CHECK_INTERVAL_MS = 250;

/** Errors may exceed a limit of the log's size by this much, in bytes. */
const RESERVED_BYTES = 64 * 1024;

/**
 * The log of one run. While it is open, it is kept within its cap and free of terminal control characters. This covers
 * everything that writes to the file: this process, the run's callbacks, and their child processes.
 */
export class RunLog {
  /** The open file, for the output of callbacks. */
  readonly descriptor: number;
  readonly #file: string;
  readonly #timer: NodeJS.Timeout;
  #isOpen = true;
  #clean = 0;
  #redact: Redact = (text) => text;
  #areSelectorsConcealed = false;
  readonly #maxBytes: number;
  #written = 0;
  #isFull = false;

  /**
   * @param options `maxBytes`: drop lines from this size on, and change nothing that was written; for a log that is
   *   copied while it grows
   * @throws QuickscrapeError as {@link openRunLog} does
   */
  constructor(files: Pick<RunFiles, 'folder' | 'log'>, options: { maxBytes?: number } = {}) {
    this.#file = files.log;
    this.descriptor = openRunLog(files);
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    this.#timer = setInterval(() => this.#limit(), CHECK_INTERVAL_MS);
    this.#timer.unref();
  }

  /**
   * Redacts the values that `redactor` knows in all later lines.
   * @param isConcealed whether the values are also concealed from selectors
   */
  redactWith(redactor: Redact, isConcealed = false): void {
    this.#redact = redactor;
    this.#areSelectorsConcealed = isConcealed;
  }

  /** Redacts a text as the log does. */
  readonly redact = (text: string): string => this.#redact(text);

  /**
   * Redacts a text that contains only what selectors saw of pages. When the values are concealed from selectors, the
   * text stays unchanged: a redaction would reveal to the selectors' author that they guessed a value.
   */
  redactPages(text: string): string {
    return this.#areSelectorsConcealed ? text : this.#redact(text);
  }

  /**
   * Writes one line. It is written at once and in one piece, so that it survives a kill -9. Line breaks in the message
   * are indented, and characters that a terminal would interpret become `�`, because people read the log with `tail`.
   * After `close`, it does nothing: the descriptor may belong to another file.
   * @param ofPages whether the message contains only what selectors saw of pages
   */
  readonly line = (level: LogLevel, message: string, ofPages = false): void => {
    if (!this.#isOpen) return;
    const shown = ofPages ? this.redactPages(message) : this.#redact(message);
    const text = replaceControlCharacters(shown).replaceAll('\n', '\n    ');
    this.#append(level, `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${text}\n`);
  };

  #append(level: LogLevel, line: string): void {
    const bytes = Buffer.byteLength(line);
    const isFull = this.#written + bytes > this.#maxBytes;
    try {
      if (isFull && !this.#isFull)
        writeSync(this.descriptor, '[... the log is full: only errors follow ...]\n');
      this.#isFull ||= isFull;
      if (isFull && (level !== 'error' || this.#written + bytes > this.#maxBytes + RESERVED_BYTES)) return;
      this.#written += bytes;
      writeSync(this.descriptor, line);
    } catch {
      // A full disk must not end the run: the outcome matters more than its log.
    }
  }

  /** Converts an error to the outcome of its attempt. The stack of an unexpected error is logged. */
  toFailure(thrown: unknown): AttemptResult {
    // A lack of memory may appear as a browser that did not start, or as a file that was not written.
    const error = toOutOfMemoryError(thrown) ?? thrown;
    if (error instanceof ScrapeError) {
      return this.createFailure(error.kind, error.hint ? `${error.message}. ${error.hint}` : error.message);
    }
    if (error instanceof QuickscrapeError) {
      return this.createFailure(error.code, error.hint ? `${error.message}. ${error.hint}` : error.message);
    }
    this.line('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    return this.createFailure('internal', error instanceof Error ? error.message : String(error));
  }

  createFailure(kind: string, message: string): AttemptResult {
    return { outcome: 'failed', error: { kind, message: this.#redact(message) } };
  }

  /** Closes the file after a last check of its size and characters. */
  close(): void {
    if (!this.#isOpen) return;
    clearInterval(this.#timer);
    this.#limit();
    this.#isOpen = false;
    closeSync(this.descriptor);
  }

  #limit(): void {
    if (this.#maxBytes !== Number.POSITIVE_INFINITY) return;
    try {
      // The cut goes first: removed text needs no cleaning, and the cut may split a character.
      if (capLog(this.#file)) this.#clean = 0;
      this.#clean = sanitizeLog(this.#file, this.#clean);
    } catch {
      // The log is missing or the disk fails: the run matters more.
    }
  }
}

/** One attempt of a run: the open home, the run's row as it was claimed, and the run's log. */
export interface Attempt {
  readonly workspace: Workspace;
  readonly run: RunRecord;
  readonly log: RunLog;
}
