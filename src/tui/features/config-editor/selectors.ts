import type { HomeData } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { State } from '../../kernel/model.ts';
import { filterRows } from '../../ui/list-filter.ts';
import { memoize } from '../../ui/memoize.ts';
import type { ConfigCheck, ConfigRow, Draft } from './model.ts';

/** The names that are listed: those of {@link allConfigs} that the filter leaves. */
export function listedConfigs(state: State): readonly string[] {
  return filterRows(
    allConfigs(state),
    state.configs.filter,
    (name) => `${name} ${findConfig(state, name)?.summary.host ?? ''}`,
  );
}

/** The names of all configurations, and of those that are still to be saved for the first time. */
export function allConfigs({ configs: { rows = [], drafts } }: State): readonly string[] {
  const names = rows.map(({ name }) => name);
  const known = new Set(names);
  const fresh = Object.keys(drafts).filter((name) => !known.has(name));
  return fresh.length === 0 ? names : [...names, ...fresh].sort();
}

export function findConfig({ configs }: State, name: string): ConfigRow | undefined {
  return configs.rows && rowsByName(configs.rows).get(name);
}

const rowsByName = memoize(
  (rows: readonly ConfigRow[]): ReadonlyMap<string, ConfigRow> => new Map(rows.map((row) => [row.name, row])),
);

export function findDraft({ configs }: State, name: string): Draft | undefined {
  return configs.drafts[name];
}

/** The check of the text that is shown: of the draft, else of what is saved; `undefined` while it is not known. */
export function findCheck(state: State, name: string): ConfigCheck | undefined {
  const draft = findDraft(state, name);
  if (draft !== undefined) return draft.check ?? undefined;
  const check = state.configs.checks[name];
  return check !== undefined && check.yaml === findConfig(state, name)?.yaml ? check : undefined;
}

/** The text that is shown and tried: the draft, else what is saved. */
export function currentYaml(state: State, name: string): string {
  return findDraft(state, name)?.yaml ?? findConfig(state, name)?.yaml ?? '';
}

/** What is saved is another text than the one that the draft was made from. */
export function changedByOthers(state: State, name: string): ConfigRow | undefined {
  const draft = findDraft(state, name);
  const row = findConfig(state, name);
  if (draft === undefined || draft.isSaving || row === undefined) return undefined;
  return row.revision === (draft.base?.revision ?? null) ? undefined : row;
}

/** Somebody has deleted what the draft was made from. */
export function deletedByOthers(state: State, name: string): boolean {
  const base = findDraft(state, name)?.base ?? null;
  return base !== null && state.configs.rows !== undefined && findConfig(state, name) === undefined;
}

export function selectedConfig(state: State): string | undefined {
  return listedConfigs(state)[state.configs.list.index];
}

/** The jobs that use a configuration. */
export function jobsUsing(home: HomeData | undefined, name: string): readonly JobRow[] {
  return (home && findJobsUsing(home.jobs).get(name)) ?? [];
}

const findJobsUsing = memoize((jobs: readonly JobRow[]): ReadonlyMap<string, readonly JobRow[]> => {
  const users = new Map<string, JobRow[]>();
  for (const job of jobs) {
    if (job.configName === null) continue;
    const same = users.get(job.configName);
    if (same) same.push(job);
    else users.set(job.configName, [job]);
  }
  return users;
});
