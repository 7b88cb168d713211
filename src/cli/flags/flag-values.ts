import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { OUTPUT_FORMATS, type OutputFormat, resolveFormatAlias } from '../../core/model/output-format.ts';

/** Returns a parser for integers within limits; commander prints the flag before the error message. */
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

/** Parses a number of seconds; fractions are allowed. */
export function parseSeconds(text: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(text)) {
    throw new InvalidArgumentError('It must be a number of seconds, such as 90 or 0.5.');
  }
  return Number(text);
}

/** Parses a path, which must not be empty. */
export function parseFilePath(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must name a file.');
  return text;
}

/** Parses an output format by any of its names. */
export function parseOutputFormat(text: string): OutputFormat {
  const format = OUTPUT_FORMATS.find((one) => one === resolveFormatAlias(text));
  if (format === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${OUTPUT_FORMATS.join(', ')}.`);
  return format;
}

/** The value of a flag that clears its field: commander converts a `null` to this as well. */
export const CLEARED = '';

/** Whether a flag's value clears its field: `none`, or an empty text. */
export function isCleared(text: string): boolean {
  return text === CLEARED || text === 'none';
}

/** Extends a parser: `none` gives {@link CLEARED}. */
export function clearable<T>(parse: (text: string) => T): (text: string) => T | typeof CLEARED {
  return (text) => (isCleared(text) ? CLEARED : parse(text));
}

/** Collects the values of a repeatable flag. */
export function collectValues(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** Parses names that are separated by commas; a repeated flag adds to them, `none` adds nothing. */
export function parseCommaList(text: string, before: string[] = []): string[] {
  const names = isCleared(text) ? [] : text.split(',').map((name) => name.trim());
  return [...before, ...names.filter((name) => name !== '')];
}

/** Parses a command: a text, which is split at spaces when it runs, or a JSON array of its words. */
export function parseCommand(text: string): string | string[] {
  if (!text.trimStart().startsWith('[')) return text;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) ? words : text;
  } catch {
    return text;
  }
}

/** @throws QuickscrapeError `conflict` for an existing file: a command overwrites it only with --force */
export async function rejectExistingFile(file: string): Promise<void> {
  const { existsSync } = await import('node:fs');
  if (!existsSync(file)) return;
  throw new QuickscrapeError('conflict', `${file} exists already; it was left as it is`, {
    field: 'file',
    hint: 'Add --force to overwrite it, or name another file.',
  });
}

/**
 * Rejects a `.xls` path: that format is not supported, and a CSV file must not get this extension.
 * @param format the format of a flag: it overrides the path's extension
 * @throws QuickscrapeError `invalid_params`
 */
export function rejectXlsPath(format: string | undefined, path: string | undefined): void {
  if (extname(path ?? '').toLowerCase() !== '.xls' || format) return;
  throw new QuickscrapeError(
    'invalid_params',
    `output_path: "${path}" is a file of Excel before 2007, which is not written`,
    { field: 'output_path', hint: 'End the path in .xlsx, or name a format with --output-format.' },
  );
}

/** Collects `city=berlin` of each `--param`; `city=` is an empty text, `none` clears all. */
export function collectJobParams(
  text: string,
  before: Record<string, string> | typeof CLEARED = {},
): Record<string, string> | typeof CLEARED {
  return isCleared(text) ? CLEARED : collectParams(text, before === CLEARED ? {} : before);
}

/** The same for one run. */
export function collectParams(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  if (name === '' || name === '__proto__')
    throw new InvalidArgumentError('It must be a name and a value: city=berlin.');
  return { ...before, [name]: text.slice(at + 1) };
}
