import { ACTORS } from '../../../../core/model/definition.ts';
import type { JobRow } from '../../../home/job-row.ts';
import { JOB_STATES, STATE_ALIASES } from '../../../home/job-states.ts';
import { memoize } from '../../../ui/memoize.ts';
import { foldText } from '../../../ui/text/fold-text.ts';
import type { FilterField } from './model.ts';
import { AUTHOR_ALIASES } from './parse-filter.ts';

/** A value of a field, and the number of jobs that have it; `null` when they are not counted. */
export interface FieldValue {
  readonly name: string;
  /** The folded name for the search; see {@link foldText}. */
  readonly folded: string;
  readonly jobs: number | null;
}

/** The values of a field in these rows, most frequent first; empty for a field of amounts. */
export function fieldValues(rows: readonly JobRow[], field: FilterField): readonly FieldValue[] {
  const known = valuesIn(rows);
  const before = known.get(field);
  if (before !== undefined) return before;
  const names = countValues(rows, field).map((each) => ({ ...each, folded: foldText(each.name) }));
  known.set(field, names);
  return names;
}

/** A cache for these rows, because the values are needed on each key. */
const valuesIn = memoize((_rows: readonly JobRow[]) => new Map<FilterField, readonly FieldValue[]>());

type Count = Omit<FieldValue, 'folded'>;

function countValues(rows: readonly JobRow[], field: FilterField): Count[] {
  switch (field) {
    case 'tag':
      return counted(rows.flatMap(({ tags }) => [...new Set(tags)]));
    case 'host':
      return counted(rows.flatMap(({ hosts }) => hosts));
    case 'config':
      return counted(rows.flatMap(({ configName }) => configName ?? []));
    case 'id':
      return rows.map(({ id }) => ({ name: id, jobs: null }));
    case 'state':
      return [...withNone(JOB_STATES, counted(rows.map(({ state }) => state))), ...aliases(STATE_ALIASES)];
    case 'by':
      return [
        ...withNone(ACTORS, counted(rows.flatMap(({ updatedBy }) => updatedBy ?? []))),
        ...aliases(AUTHOR_ALIASES),
      ];
    default:
      return [];
  }
}

function counted(names: readonly string[]): Count[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, jobs]) => ({ name, jobs }))
    .sort((one, other) => other.jobs - one.jobs || (one.name < other.name ? -1 : 1));
}

/** All of `names` in their order, including those without jobs. */
function withNone(names: readonly string[], counts: readonly Count[]): Count[] {
  return names.map((name) => ({ name, jobs: counts.find((each) => each.name === name)?.jobs ?? 0 }));
}

function aliases(words: Readonly<Record<string, unknown>>): Count[] {
  return Object.keys(words).map((name) => ({ name, jobs: null }));
}
