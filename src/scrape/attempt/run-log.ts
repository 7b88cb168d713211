import { writeSync } from 'node:fs';
import { replaceControlCharacters } from '../../core/lib/control-characters.ts';
import type { Redact } from '../lib/redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

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
