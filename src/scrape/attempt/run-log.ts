import { writeSync } from 'node:fs';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { replaceControlCharacters } from '../../core/lib/sanitize-text.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import { capLog } from '../../core/runs/cap-log.ts';
import { sanitizeLog } from '../../core/runs/sanitize-log.ts';
import type { Redact } from '../lib/redact.ts';
import { ScrapeError, toOutOfMemoryError } from '../lib/scrape-error.ts';

type LogLevel = 'debug' | 'info' | 'warn' | 'error';

let redact: Redact = (text) => text;
let areSelectorsConcealed = false;

/**
 * Redacts the values that `redactor` knows in all later log lines. Global, because a process executes one run, with one
 * configuration.
 * @param isConcealed whether the values are also concealed from selectors
 */
export function redactLog(redactor: Redact, isConcealed = false): void {
  redact = redactor;
  areSelectorsConcealed = isConcealed;
}

/** Redacts a text as the log does. */
export function redactForLog(text: string): string {
  return redact(text);
}

/**
 * Redacts a text that contains only what selectors saw of pages. When the values are concealed from selectors, the text
 * stays unchanged: a redaction would reveal to the selectors' author that they guessed a value.
 */
export function redactPagesForLog(text: string): string {
  return areSelectorsConcealed ? text : redact(text);
}

/**
 * Writes one line to the run's log, which is this process's standard output. The line is written at once and in one
 * piece, so that it survives a kill -9. Line breaks in the message are indented, and characters that a terminal would
 * interpret become `�`, because people read the log with `tail`.
 * @param ofPages whether the message contains only what selectors saw of pages
 */
export function logLine(level: LogLevel, message: string, ofPages = false): void {
  const shown = ofPages ? redactPagesForLog(message) : redactForLog(message);
  const text = replaceControlCharacters(shown).replaceAll('\n', '\n    ');
  try {
    writeSync(1, `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${text}\n`);
  } catch {
    // A full disk or a closed pipe must not end the run: the outcome matters more than its log.
  }
}

/** Converts an error to the outcome of its attempt. The stack of an unexpected error is logged. */
export function toFailure(thrown: unknown): AttemptResult {
  // A lack of memory may appear as a browser that did not start, or as a file that was not written.
  const error = toOutOfMemoryError(thrown) ?? thrown;
  if (error instanceof ScrapeError) {
    return createFailure(error.kind, error.hint ? `${error.message}. ${error.hint}` : error.message);
  }
  if (error instanceof QuickscrapeError) {
    return createFailure(error.code, error.hint ? `${error.message}. ${error.hint}` : error.message);
  }
  logLine('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  return createFailure('internal', error instanceof Error ? error.message : String(error));
}

export function createFailure(kind: string, message: string): AttemptResult {
  return { outcome: 'failed', error: { kind, message: redactForLog(message) } };
}

const CHECK_INTERVAL_MS = 250;

/**
 * Keeps a run's log within its cap and free of terminal control characters while this process lives. This covers
 * everything that writes to the log: this process, its callbacks, and their child processes.
 * @returns a function that stops it, after a last check
 */
export function startLogCapping(file: string): () => void {
  let clean = 0;
  const check = () => {
    try {
      // The cut goes first: removed text needs no cleaning, and the cut may split a character.
      if (capLog(file)) clean = 0;
      clean = sanitizeLog(file, clean);
    } catch {
      // The log is missing or the disk fails: the run matters more.
    }
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    check();
  };
}
