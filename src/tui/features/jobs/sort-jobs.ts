import type { JobRow } from '../../home/job-row.ts';
import { stateRank } from '../../home/job-states.ts';
import { foldText } from '../../ui/text/fold-text.ts';
import { BY_JOB, SORTS, type Sort, type SortKey } from './model.ts';

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
