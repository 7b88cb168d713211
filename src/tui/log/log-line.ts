import { pluralize } from '../../core/lib/pluralize.ts';
import { cleanLines } from '../text/clean.ts';
import type { RawLine } from './split-lines.ts';

/** From the least to the most important. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of a log, ready to be shown: nothing in it can steer a terminal. */
export interface LogLine {
  /** The byte of the file at which it begins: its name. */
  readonly offset: number;
  /** With its line break. */
  readonly bytes: number;
  /** When it was written, epoch ms; `null` for a line that carries on another one, or that another program wrote. */
  readonly at: number | null;
  /** Its own, or that of the line that it carries on; `null` while that is not known. */
  readonly level: LogLevel | null;
  readonly text: string;
}

/** What `src/scrape/attempt/run-log.ts` writes; lines that carry on a message begin with blanks. */
const LOG_LINE_PATTERN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (DEBUG|INFO|WARN|ERROR) +/;

/**
 * Lines of a file as they are shown.
 * @param before the level of the line above the first one
 */
export function toLogLines(raw: readonly RawLine[], before: LogLevel | null = null): LogLine[] {
  let level = before;
  return raw.map((line) => {
    const parts = LOG_LINE_PATTERN.exec(line.text);
    if (parts?.[2] !== undefined) level = parts[2].toLowerCase() as LogLevel;
    const at = parts?.[1] === undefined ? null : Date.parse(parts[1]);
    const message = parts === null ? line.text : line.text.slice(parts[0].length);
    return {
      offset: line.offset,
      bytes: line.bytes,
      at,
      level,
      text: displayText(message, line.truncatedBytes),
    };
  });
}

function displayText(message: string, truncatedBytes: number): string {
  const text = cleanLines(message.replace(/\r$/, '')).join(' ');
  return truncatedBytes === 0 ? text : `${text} … ${pluralize(truncatedBytes, 'more byte')}`;
}
