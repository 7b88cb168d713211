import type { JobRow } from '../../home/job-row.ts';
import { type Marks, NO_MARKS } from './model.ts';

export function toggleMark(marks: Marks, id: string): Marks {
  return marks.has(id) ? without(marks, [id]) : new Set([...marks, id]);
}

/** Marks all rows between two rows, inclusive, in either order. */
export function markRange(marks: Marks, rows: readonly JobRow[], from: number, to: number): Marks {
  const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  return new Set([...marks, ...range.map(({ id }) => id)]);
}

/** Marks all rows; if all are marked, removes the marks. */
export function toggleAll(marks: Marks, rows: readonly JobRow[]): Marks {
  const ids = rows.map(({ id }) => id);
  return ids.every((id) => marks.has(id)) ? without(marks, ids) : new Set([...marks, ...ids]);
}

/** Removes the marks of deleted jobs; returns the same set when there are none. */
export function pruneMarks(marks: Marks, exists: (id: string) => boolean): Marks {
  const gone = [...marks].filter((id) => !exists(id));
  return gone.length === 0 ? marks : without(marks, gone);
}

function without(marks: Marks, ids: readonly string[]): Marks {
  const left = new Set(marks);
  for (const id of ids) left.delete(id);
  return left.size === 0 ? NO_MARKS : left;
}
