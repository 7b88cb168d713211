import { ACTORS } from '../../core/job/definition.ts';
import { JOB_STATES, STATE_ALIASES } from '../jobs/job-states.ts';
import type { JobRow } from '../live/job-row.ts';
import type { FilterField } from './filter.ts';
import { AUTHOR_ALIASES } from './parse-filter.ts';

/** A value that a field can have, and how many jobs have it; `null` where nobody counts. */
export interface KnownName {
  readonly name: string;
  readonly jobs: number | null;
}

/** The values that a field has in these rows, the most frequent first; none for a field of amounts. */
export function knownNames(rows: readonly JobRow[], field: FilterField): KnownName[] {
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

function counted(names: readonly string[]): KnownName[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, jobs]) => ({ name, jobs }))
    .sort((one, other) => other.jobs - one.jobs || (one.name < other.name ? -1 : 1));
}

/** All of `names` in their order, also those that nobody has. */
function withNone(names: readonly string[], counts: readonly KnownName[]): KnownName[] {
  return names.map((name) => ({ name, jobs: counts.find((each) => each.name === name)?.jobs ?? 0 }));
}

function aliases(words: Readonly<Record<string, unknown>>): KnownName[] {
  return Object.keys(words).map((name) => ({ name, jobs: null }));
}
