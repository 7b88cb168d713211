import type { Filter } from '../../../core/jobs/filter/filter-terms.ts';
import { matchRows } from '../../../core/jobs/filter/match-filter.ts';
import { stateRank } from '../../../core/jobs/job-display-state.ts';
import { foldText } from '../../../core/lib/fold-text.ts';
import { findJobRow } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import { memoize } from '../../ui/memoize.ts';
import { clamp, scrollIntoView } from '../../ui/scroll.ts';
import { BY_JOB, type Marks, NO_MARKS, SORTS, type Sort, type SortKey, type TableState } from './model.ts';

/** The input of the table. */
interface TableSource {
  /** All jobs, sorted by id. */
  jobs: readonly JobRow[];
  filter: Filter;
  now: number;
  /** Rows of jobs that fit on the screen. */
  height: number;
}

/**
 * The table for these jobs and this filter. The cursor stays on its job, on the same line of the screen if possible. If
 * the job is gone, the cursor goes to the next remaining one, otherwise to the last one.
 */
export function fillTable(table: TableState, { jobs, filter, now, height }: TableSource): TableState {
  const rows = sameOrder(table.rows, sortJobs(matchRows(jobs, filter, now), table.sort));
  const marks = pruneMarks(table.marks, (id) => findJobRow(jobs, id) !== undefined);
  const arrived =
    table.pendingSelection === undefined ? -1 : rows.findIndex(({ id }) => id === table.pendingSelection);
  const index = arrived < 0 ? followSelection(table, rows) : arrived;
  // A job that the filter hides does not take the cursor when the filter is removed much later.
  const isAwaited = arrived < 0 && findJobRow(jobs, table.pendingSelection ?? '') === undefined;
  const pendingSelection = isAwaited ? table.pendingSelection : undefined;
  const line = table.index - table.top;
  const selected = rows[index]?.id;
  const hasRange = table.rangeFrom !== undefined && rows.some(({ id }) => id === table.rangeFrom);
  const rangeFrom = hasRange ? table.rangeFrom : undefined;
  const top = scrollIntoView(index, arrived < 0 ? index - line : table.top, height, rows.length);
  return reuseIfUnchanged(table, {
    ...table,
    source: jobs,
    rows,
    marks,
    index,
    selected,
    rangeFrom,
    pendingSelection,
    top,
  });
}

/** Selects the job at a row. The row is clamped to the list. */
export function selectIndex(table: TableState, row: number, height: number): TableState {
  const { rows } = table;
  const index = clamp(row, 0, Math.max(0, rows.length - 1));
  const top = scrollIntoView(index, table.top, height, rows.length);
  return reuseIfUnchanged(table, {
    ...table,
    index,
    top,
    selected: rows[index]?.id,
    pendingSelection: undefined,
  });
}

/** Scrolls the table. The selection moves only as far as needed to stay in sight. */
export function scrollBy(table: TableState, rows: number, height: number): TableState {
  const top = clamp(table.top + rows, 0, Math.max(0, table.rows.length - height));
  const moved = { ...table, top };
  const lowest = Array.from({ length: height }, (_, line) => top + line).filter(
    (index) => scrollIntoView(index, top, height, table.rows.length) === top,
  );
  const index = clamp(table.index, lowest[0] ?? top, lowest.at(-1) ?? top);
  return selectIndex(moved, index, height);
}

/**
 * The jobs that an action applies to: the marked ones in the list, in order; or the selected one when none is marked.
 */
export function targetRows({ rows, marks, index }: TableState): readonly JobRow[] {
  const marked = marks.size === 0 ? [] : markedBy(marks)(rows);
  const selected = rows[index];
  return marked.length > 0 || selected === undefined ? marked : [selected];
}

/** Cached, because the availability of actions is checked on each key and most actions need these rows. */
const markedBy = memoize((marks: Marks) =>
  memoize((rows: readonly JobRow[]) => rows.filter(({ id }) => marks.has(id))),
);

/** The number of marked jobs that the filter hides. Actions do not apply to them. */
export function hiddenMarks({ rows, marks }: TableState): number {
  return marks.size === 0 ? 0 : marks.size - markedBy(marks)(rows).length;
}

function followSelection({ rows: before, selected, index }: TableState, rows: readonly JobRow[]): number {
  const own = rows.findIndex(({ id }) => id === selected);
  if (own >= 0) return own;
  const places = new Map(rows.map(({ id }, place) => [id, place]));
  const neighbours = [...before.slice(index + 1), ...before.slice(0, index).reverse()];
  const nearest = neighbours.find(({ id }) => places.has(id));
  return nearest === undefined ? 0 : (places.get(nearest.id) ?? 0);
}

function sameOrder(before: readonly JobRow[], rows: readonly JobRow[]): readonly JobRow[] {
  const isSame = before.length === rows.length && rows.every((row, index) => row === before[index]);
  return isSame ? before : rows;
}

/** Returns the previous table when nothing has changed. */
function reuseIfUnchanged(before: TableState, after: TableState): TableState {
  return (Object.keys(after) as (keyof TableState)[]).every((key) => before[key] === after[key])
    ? before
    : after;
}

/**
 * The rows in sort order. In both directions, rows with equal values stay in the order of their ids, and rows without a
 * value come last.
 * @param rows sorted by id
 */
export function sortJobs(rows: readonly JobRow[], { by, descending }: Sort): readonly JobRow[] {
  if (by === 'job') return descending ? rows.toReversed() : rows;
  const read = VALUES[by];
  const sign = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, value: read(row) }));
  keyed.sort((one, other) => {
    if (one.value === null || other.value === null)
      return Number(one.value === null) - Number(other.value === null);
    if (one.value === other.value) return 0;
    return one.value < other.value ? -sign : sign;
  });
  return keyed.map(({ row }) => row);
}

/** Sorts by this key. The current key reverses the direction. */
export function toggleSort(sort: Sort, by: SortKey): Sort {
  if (sort.by === by) return { by, descending: !sort.descending };
  return { by, descending: SORTS.find((each) => each.by === by)?.descending ?? false };
}

/** The next (`1`) or previous (`-1`) sort of the menu. */
export function nextSort(sort: Sort, step: 1 | -1): Sort {
  const at = SORTS.findIndex(({ by }) => by === sort.by);
  const { by, descending } = SORTS[(at + step + SORTS.length) % SORTS.length] ?? BY_JOB;
  return { by, descending };
}

const VALUES: { readonly [K in SortKey]: (row: JobRow) => number | string | null } = {
  job: ({ id }) => id,
  state: ({ state }) => stateRank(state),
  next: ({ nextRun }) => nextRun,
  last: ({ last }) => last?.finishedAt ?? null,
  took: ({ last }) => last?.durationMs ?? null,
  items: ({ last }) => last?.items ?? null,
  change: ({ itemChange }) => itemChange,
  fails: ({ failures }) => failures,
  config: ({ configName }) => configName,
  host: ({ hosts }) => hosts[0] ?? null,
  tags: ({ tags }) => (tags.length === 0 ? null : foldText(tags.join('\n'))),
  changed: ({ updatedAt }) => updatedAt,
};

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
function pruneMarks(marks: Marks, exists: (id: string) => boolean): Marks {
  const gone = [...marks].filter((id) => !exists(id));
  return gone.length === 0 ? marks : without(marks, gone);
}

function without(marks: Marks, ids: readonly string[]): Marks {
  const left = new Set(marks);
  for (const id of ids) left.delete(id);
  return left.size === 0 ? NO_MARKS : left;
}
