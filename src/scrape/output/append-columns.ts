import { truncateList } from '../../core/lib/truncate-list.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import type { FoundColumn } from './output-columns.ts';
import { type CellRules, type CellSource, createCellColumns, toWholeColumn } from './price-cells.ts';

const HINT = 'Use another output path, move the old file away, or set append: false.';

/** A file that rows cannot be added to. */
export function cannotAppendError(file: string, why: string, cause?: unknown): ScrapeError {
  return new ScrapeError('output', `cannot append to ${file}: ${why}`, {
    hint: HINT,
    ...(cause !== undefined && { cause }),
  });
}

/**
 * The columns in which rows are added to a file: its own, in its order.
 * @param header what its columns are called
 * @param found the fields of the rows @param toCellName what a column of a name is called in the file
 * @returns what they hold of the rows, `missing` those that the rows do not have
 * @throws ScrapeError `output` when the rows have columns that the file lacks
 */
export function matchColumns(
  file: string,
  header: readonly string[],
  found: readonly FoundColumn[],
  rules: CellRules,
  toCellName: (name: string) => string,
): { columns: CellSource[]; missing: string[] } {
  const columns = createCellColumns(found, rules, (name) => header.includes(toCellName(name)));
  const byName = new Map(columns.map((column) => [toCellName(column.name), column]));
  const added = [...byName.keys()].filter((cell) => !header.includes(cell));
  if (added.length > 0) {
    throw new ScrapeError(
      'output',
      `cannot append to ${file}: it has no column ${added.map((name) => `"${name}"`).join(', ')} (it has: ${header.join(', ')})`,
      {
        hint: 'Use another output path for the new columns, move the old file away, or set append: false. For csv check the delimiter, too.',
      },
    );
  }
  const missing = header.filter((cell) => !byName.has(cell));
  return {
    columns: header.map((cell) => byName.get(cell) ?? toWholeColumn(cell)),
    missing: columns.length === 0 ? [] : missing,
  };
}

/** What is said of columns that stay empty. */
export function describeMissingColumns(file: string, missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  return [`${file} has columns that the rows lack, which stay empty in them: ${truncateList(missing)}`];
}
