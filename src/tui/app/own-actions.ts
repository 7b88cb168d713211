import { selectedConfig } from '../features/config-editor/config-state.ts';
import { selectedJob } from '../features/jobs/reducer.ts';
import { newestRun, selectedRun } from '../features/runs/reducer.ts';
import { findJobRow } from '../home/home-data.ts';
import type { Action } from '../kernel/action.ts';
import type { State } from '../kernel/model.ts';
import { withNotice } from '../kernel/notices.ts';
import {
  fillPlaceholders,
  type OwnCommand,
  type Placeholder,
  placeholdersIn,
} from '../kernel/own-command.ts';
import { currentView, step } from '../kernel/step.ts';
import { memoize } from '../ui/memoize.ts';

/** The id of the action of a command. */
export function ownActionId({ name }: Pick<OwnCommand, 'name'>): string {
  return `own.${name}`;
}

/** The actions that run the user's commands. */
export const ownActions = memoize((commands: readonly OwnCommand[]): readonly Action[] =>
  commands.map(toAction),
);

function toAction(command: OwnCommand): Action {
  const { name, title, scopes, key, footer, argv, background, readsOnly } = command;
  const id = ownActionId(command);
  return {
    id,
    title,
    synonyms: [name],
    group: 'Your own',
    scope: scopes,
    keys: key === undefined ? [] : [key],
    ...(footer !== undefined && { footer }),
    ...(!readsOnly && { changes: true }),
    available: (state) => {
      const values = valuesHere(state);
      const missing = placeholdersIn(argv).find((each) => values[each as Placeholder].value === undefined);
      return missing === undefined ? true : values[missing as Placeholder].without;
    },
    perform: (state) => {
      const values = valuesHere(state);
      const filled = fillPlaceholders(argv, (each) => values[each as Placeholder].value ?? '');
      const begun = background ? withNotice(state, 'info', `${title}: begun.`, id) : state;
      return step(begun, { kind: 'run_command', id, title, argv: filled, background, readsOnly });
    },
  };
}

/** The value of a placeholder, and why there is none. */
interface PlaceholderValue {
  readonly value: string | null | undefined;
  readonly without: string;
}

const NOT_HERE: PlaceholderValue = { value: undefined, without: 'It has no value here.' };

function valuesHere(state: State): Readonly<Record<Placeholder, PlaceholderValue>> {
  const home = { value: state.paths.home, without: '' };
  const none = { home, job_id: NOT_HERE, config: NOT_HERE, run_id: NOT_HERE, output_path: NOT_HERE };
  const view = currentView(state);
  switch (view.name) {
    case 'jobs': {
      const job = selectedJob(state);
      const without = 'No job is selected.';
      const config = job === undefined ? without : 'The job’s file names no configuration.';
      return {
        ...none,
        job_id: { value: job?.id, without },
        config: { value: job?.configName ?? undefined, without: config },
        run_id: { value: job && newestRun(job)?.runId, without: job ? 'The job has not run yet.' : without },
      };
    }
    case 'runs':
      return { ...none, ...runValues(state, view.jobId, selectedRun(state)?.run_id) };
    case 'items':
      return { ...none, ...runValues(state, view.jobId, view.runId) };
    case 'configs':
      return { ...none, config: { value: selectedConfig(state), without: 'No configuration is selected.' } };
    default:
      return none;
  }
}

function runValues(state: State, jobId: string, runId: string | undefined) {
  const run = state.runs.runs?.find(({ run_id }) => run_id === runId);
  const config = run?.config_name ?? findJobRow(state.home?.jobs ?? [], jobId)?.configName ?? undefined;
  const without = 'No run is selected.';
  return {
    job_id: { value: jobId, without },
    config: { value: config, without },
    run_id: { value: runId, without },
    output_path: {
      value: run?.output_path ?? undefined,
      without: runId === undefined ? without : 'The run has written no file.',
    },
  };
}
