import { writeSync } from 'node:fs';
import { capLog } from '../../core/execution/log-cap.ts';
import { replaceControlCharacters } from '../../core/lib/control-characters.ts';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import { sanitizeLog } from '../../core/runs/sanitize-log.ts';
import type { Redact } from '../lib/redact.ts';
import { ScrapeError, toOutOfMemoryError } from '../lib/scrape-error.ts';

type LogLevel = 'debug' | 'info' | 'warn' | 'error';

let redact: Redact = (text) => text;
let areSelectorsConcealed = false;

/**
 * From now on no line holds the values that `redactor` knows: a process carries one run, with one configuration.
 * @param isConcealed whether selectors do not see them either
 */
export function redactLog(redactor: Redact, isConcealed = false): void {
  redact = redactor;
  areSelectorsConcealed = isConcealed;
}

/** A text as the log would have it. */
export function redactForLog(text: string): string {
  return redact(text);
}

/**
 * The same for what says only what selectors saw of pages. Where they saw no value, one that is left out would tell who
 * wrote the selectors that it was guessed.
 */
export function redactPagesForLog(text: string): string {
  return areSelectorsConcealed ? text : redact(text);
}

/**
 * Writes one line to the run's log, which is this process's standard output. Written at once and in one piece: what
 * was logged before a kill -9 is there. Line breaks in the message are kept out of the line structure, and what a
 * terminal would act upon becomes `�`: people read it with `tail`.
 * @param ofPages whether it says only what selectors saw of pages
 */
export function logLine(level: LogLevel, message: string, ofPages = false): void {
  const shown = ofPages ? redactPagesForLog(message) : redactForLog(message);
  const text = replaceControlCharacters(shown).replaceAll('\n', '\n    ');
  try {
    writeSync(1, `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${text}\n`);
  } catch {
    // A full disk or a closed pipe must not end the run: the outcome counts for more than its log.
  }
}

/** The outcome of an attempt that ended in an error; what is nobody's mistake but ours has its stack in the log. */
export function toFailure(thrown: unknown): AttemptResult {
  // A browser that was not started for want of memory, or a file that was not written for it, is no other failure.
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
 * Keeps a run's log within its cap, and free of what a terminal may act upon, while this process lives, whoever writes to
 * it: this process, its callbacks, and what they started.
 * @returns what ends it, with a last look
 */
export function startLogCapping(file: string): () => void {
  let clean = 0;
  const check = () => {
    try {
      // The cut goes first: what it takes away need not be cleaned, and it may halve a character.
      if (capLog(file)) clean = 0;
      clean = sanitizeLog(file, clean);
    } catch {
      // No log, or a disk that refuses: the run counts for more.
    }
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    check();
  };
}
