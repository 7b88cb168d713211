import { InvalidArgumentError } from 'commander';
import { OUTPUT_FORMATS, type OutputFormat, resolveFormatAlias } from '../../core/model/output-format.ts';

/** Reads a whole number within limits; commander shows the flag before the message. */
export function integerParser(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
      throw new InvalidArgumentError(`It must be a whole number, ${range}.`);
    }
    return value;
  };
}

/** Reads a number of seconds, fractions allowed. */
export function parseSeconds(text: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(text)) {
    throw new InvalidArgumentError('It must be a number of seconds, such as 90 or 0.5.');
  }
  return Number(text);
}

/** Reads a path, which must be one. */
export function parseFilePath(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must name a file.');
  return text;
}

/** Reads an output format by any of its names. */
export function parseOutputFormat(text: string): OutputFormat {
  const format = OUTPUT_FORMATS.find((one) => one === resolveFormatAlias(text));
  if (format === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${OUTPUT_FORMATS.join(', ')}.`);
  return format;
}

/** What a flag's value is when it clears its field: commander turns a `null` into this as well. */
export const CLEARED = '';

/** Whether a flag's value is the word, or the empty text, that clears a field. */
export function isCleared(text: string): boolean {
  return text === CLEARED || text === 'none';
}

/** Reads what `read` reads, or {@link CLEARED} for `none`. */
export function clearable<T>(parse: (text: string) => T): (text: string) => T | typeof CLEARED {
  return (text) => (isCleared(text) ? CLEARED : parse(text));
}

/** Collects the values of a flag that may be given several times. */
export function collectValues(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** A command: a text, which is split at spaces when it is run, or a JSON array of its words. */
export function parseCommand(text: string): string | string[] {
  if (!text.trimStart().startsWith('[')) return text;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) ? words : text;
  } catch {
    return text;
  }
}

/** @throws QuickscrapeError `conflict` for a file that is there: a command overwrites it only with --force */
export async function rejectExistingFile(file: string): Promise<void> {
  const { existsSync } = await import('node:fs');
  if (!existsSync(file)) return;
  const { QuickscrapeError } = await import('../../core/lib/errors.ts');
  throw new QuickscrapeError('conflict', `${file} exists already; it was left as it is`, {
    field: 'file',
    hint: 'Add --force to overwrite it, or name another file.',
  });
}
