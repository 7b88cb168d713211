import { filterRows, type ListFilter, NO_LIST_FILTER } from '../find/list-filter.ts';
import type { HomeData } from '../home/home-data.ts';
import type { JobRow } from '../home/job-row.ts';
import { memoize } from '../memoize.ts';
import type { State } from '../state/state.ts';
import { type ConfigEditor, createConfigEditor } from './config-editor.ts';
import type { ConfigCheck, ConfigRow } from './config-row.ts';
import type { Draft, Drafts } from './draft.ts';

/** What the dashboard knows of configurations, and where one is in their views. */
export interface ConfigsState {
  /** Sorted by name; `undefined` until they were read. Kept up to date while a view of them is open. */
  readonly rows: readonly ConfigRow[] | undefined;
  /** By name; one counts as long as it is of the row's text. */
  readonly checks: Readonly<Record<string, ConfigCheck>>;
  /** The list: what is selected belongs to the name, not to the row. */
  readonly list: { readonly selected: string | undefined; readonly index: number; readonly top: number };
  readonly filter: ListFilter;
  /** The first row of the text beside the list. */
  readonly textTop: number;
  readonly drafts: Drafts;
  /** The draft that was thrown away last, until another one is. */
  readonly discarded: { readonly name: string; readonly draft: Draft } | null;
  readonly editor: ConfigEditor;
  /** Counts drafts and trials. */
  readonly serial: number;
}

export const NO_CONFIGS: ConfigsState = {
  rows: undefined,
  checks: {},
  list: { selected: undefined, index: 0, top: 0 },
  filter: NO_LIST_FILTER,
  textTop: 0,
  drafts: {},
  discarded: null,
  editor: createConfigEditor('', null),
  serial: 0,
};

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
