import { firstFew } from '../../core/first-few.ts';
import { ScrapeError } from '../errors.ts';

const NEXT = 'Use another output path, move the old file away, or set append: false.';

/** A file that rows cannot be added to. */
export function cannotAppend(file: string, why: string, cause?: unknown): ScrapeError {
  return new ScrapeError('output', `cannot append to ${file}: ${why}`, {
    hint: NEXT,
    ...(cause !== undefined && { cause }),
  });
}

/**
 * The columns in which rows are added to a file: its own, in its order.
 * @param header what its columns are called
 * @param columns names of the rows' columns @param cellOf what a column of that name is called in the file
 * @returns the names as they are called in the rows, `missing` those that the rows do not have
 * @throws ScrapeError `output` when the rows have columns that the file lacks
 */
export function matchColumns(
  file: string,
  header: readonly string[],
  columns: readonly string[],
  cellOf: (name: string) => string,
): { columns: string[]; missing: string[] } {
  const named = new Map(columns.map((name) => [cellOf(name), name]));
  const added = [...named.keys()].filter((cell) => !header.includes(cell));
  if (added.length > 0) {
    throw new ScrapeError(
      'output',
      `cannot append to ${file}: it has no column ${added.map((name) => `"${name}"`).join(', ')} (it has: ${header.join(', ')})`,
      {
        hint: 'Use another output path for the new columns, move the old file away, or set append: false. For csv check the delimiter, too.',
      },
    );
  }
  const missing = header.filter((cell) => !named.has(cell));
  return {
    columns: header.map((cell) => named.get(cell) ?? cell),
    missing: columns.length === 0 ? [] : missing,
  };
}

/** What is said of columns that stay empty. */
export function missingWarnings(file: string, missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  return [`${file} has columns that the rows lack, which stay empty in them: ${firstFew(missing)}`];
}
