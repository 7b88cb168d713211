import type { QuickscrapeDatabase } from '../database/database.ts';

/** A slice that takes longer (ms) is followed by a smaller one: keys are handled between slices. */
const SLICE_MS = 6;
const FIRST_ROWS = 2_000;
const MIN_ROWS = 250;
const MAX_ROWS = 64_000;

/** Rows of a table by their `rowid`: those after the first number, up to and with the second. */
export interface RowRange {
  after: number;
  upTo: number;
}

/**
 * Reads a whole table in ranges of rows, and pauses after each. A filter on a column without an index costs one pass in
 * this way, and what inserts rows keeps no further index up to date.
 * @param read reads a range and uses what it found; its time decides how large the next one is
 */
export function* readInSlices(
  db: QuickscrapeDatabase,
  table: 'runs' | 'attempts',
  read: (range: RowRange) => void,
): Generator<undefined, void> {
  const ends = db.get<{ first: number | null; last: number | null }>(
    `SELECT (SELECT min(rowid) FROM ${table}) AS first, (SELECT max(rowid) FROM ${table}) AS last`,
  );
  const last = ends?.last ?? 0;
  let rows = FIRST_ROWS;
  for (let after = (ends?.first ?? 1) - 1; after < last; ) {
    const upTo = Math.min(last, after + rows);
    const began = performance.now();
    read({ after, upTo });
    const elapsed = performance.now() - began;
    if (elapsed > SLICE_MS) rows = Math.max(MIN_ROWS, rows >> 1);
    else if (elapsed < SLICE_MS / 2) rows = Math.min(MAX_ROWS, rows * 2);
    after = upTo;
    yield;
  }
}
