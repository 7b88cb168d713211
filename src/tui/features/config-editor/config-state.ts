import type { HomeData } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { State } from '../../kernel/model.ts';
import { filterRows } from '../../ui/list-filter.ts';
import { memoize } from '../../ui/memoize.ts';
import type { ConfigCheck, ConfigRow, Draft } from './model.ts';

/** The names of {@link allConfigs} that pass the filter. */
export function listedConfigs(state: State): readonly string[] {
  return filterRows(
    allConfigs(state),
    state.configs.filter,
    (name) => `${name} ${findConfig(state, name)?.summary.host ?? ''}`,
  );
}

/** The names of all configurations, including drafts that were never saved. */
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

/** The check of the shown text: of the draft, otherwise of the saved text; `undefined` until it has arrived. */
export function findCheck(state: State, name: string): ConfigCheck | undefined {
  const draft = findDraft(state, name);
  if (draft !== undefined) return draft.check ?? undefined;
  const check = state.configs.checks[name];
  return check !== undefined && check.yaml === findConfig(state, name)?.yaml ? check : undefined;
}

/** The text that is shown and tested: the draft, otherwise the saved text. */
export function currentYaml(state: State, name: string): string {
  return findDraft(state, name)?.yaml ?? findConfig(state, name)?.yaml ?? '';
}

/** The saved configuration, if it no longer equals the text that the draft is based on. */
export function changedByOthers(state: State, name: string): ConfigRow | undefined {
  const draft = findDraft(state, name);
  const row = findConfig(state, name);
  if (draft === undefined || draft.isSaving || row === undefined) return undefined;
  return row.revision === (draft.base?.revision ?? null) ? undefined : row;
}

/** Why the draft cannot be saved; true if it can, or if its check may still allow it. */
export function whyDraftUnsavable(state: State, name: string): true | string {
  if (changedByOthers(state, name)) return 'It was changed meanwhile: a merges these changes first.';
  const problem = findDraft(state, name)?.check?.problem ?? null;
  return problem === null ? true : 'It cannot be saved like this: e edits it, x discards it.';
}

/** Whether the configuration that the draft is based on was deleted. */
export function deletedByOthers(state: State, name: string): boolean {
  const base = findDraft(state, name)?.base ?? null;
  return base !== null && state.configs.rows !== undefined && findConfig(state, name) === undefined;
}

export function selectedConfig(state: State): string | undefined {
  return listedConfigs(state)[state.configs.list.index];
}

/** Whether the home is known, and none of its jobs uses the configuration. */
export function isUnused(state: State, name: string): boolean {
  return state.home !== undefined && jobsUsing(state.home, name).length === 0;
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

/** A request about a configuration. Its tag connects the answer to it. */
export type ConfigQuestion =
  /** `edit`: the text is open in an external editor. `delete`: the configuration is being deleted. */
  | { readonly what: 'edit' | 'delete'; readonly name: string }
  /** `draft` is the id of the draft. */
  | { readonly what: 'check' | 'save'; readonly name: string; readonly draft: number }
  /** The results of a run. */
  | { readonly what: 'run'; readonly runId: string }
  /** A new run of a job that uses the configuration. */
  | { readonly what: 'again' };

/** The tag of the effect for this question. */
export function configTag(question: ConfigQuestion): string {
  switch (question.what) {
    case 'edit':
    case 'delete':
      return `configs.${question.what}:${question.name}`;
    case 'check':
    case 'save':
      return `configs.${question.what}:${question.draft}:${question.name}`;
    case 'run':
      return `configs.run:${question.runId}`;
    case 'again':
      return 'configs.again';
    default:
      return question satisfies never;
  }
}

/** The question that a tag belongs to; `undefined` for a tag of another feature. */
export function configQuestion(tag: string): ConfigQuestion | undefined {
  const [, what, rest = ''] = /^configs\.(\w+)(?::(.*))?$/.exec(tag) ?? [];
  switch (what) {
    case 'edit':
    case 'delete':
      return { what, name: rest };
    case 'check':
    case 'save': {
      const [draft, name = ''] = rest.split(':');
      return { what, name, draft: Number(draft) };
    }
    case 'run':
      return { what, runId: rest };
    case 'again':
      return { what };
    default:
      return undefined;
  }
}
