import { truncateList } from '../../../core/lib/text.ts';
import { hasFailed } from '../../../core/runs/last-run.ts';
import type { Action } from '../../kernel/action.ts';
import type { State, Step } from '../../kernel/model.ts';
import { listMoves, scrollMoves } from '../../kernel/move-actions.ts';
import { andThen, currentView, openDialog, step } from '../../kernel/step.ts';
import { selectedJob } from '../jobs/reducer.ts';
import { selectedRun, whyNoRun } from '../runs/reducer.ts';
import {
  configMainRows,
  openConfigFilter,
  scrollListText,
  selectConfig,
  sidePane,
} from './config-navigation.ts';
import { configTag, findConfig, jobsUsing, listedConfigs, selectedConfig } from './config-state.ts';
import { editConfig, startTestRun } from './draft-steps.ts';
import { FIRST_NEW_CONFIG } from './model.ts';
import { openConfigEditor, openConfigs, openJobsUsing, openRepair } from './open-config-editor.ts';
import { startRepair } from './repair-steps.ts';

/** Actions on the list of configurations. */
export const configsActions: readonly Action[] = [
  ...listMoves({
    name: 'configs',
    scope: 'configs/main',
    row: 'configuration',
    index: ({ configs }) => configs.list.index,
    count: (state) => listedConfigs(state).length,
    height: configMainRows,
    select: (state, row) => step(selectConfig(state, row)),
  }),
  ...scrollMoves({
    name: 'configs.text',
    scope: 'configs/side',
    what: 'the text',
    height: (state) => sidePane(state).rows,
    scroll: (state, by) => step(scrollListText(state, by)),
  }),
  {
    id: 'configs.filter',
    title: 'List only configurations with these words in their name or site; !word: without it',
    group: 'Configuration',
    scope: 'configs',
    keys: ['/'],
    footer: 'find',
    perform: (state) => step({ ...openConfigFilter(state), pane: 'main' }),
  },
  onSelected({
    id: 'configs.enter',
    title: 'Open the configuration: its text, what a run found, a test',
    keys: ['enter', 'v'],
    footer: 'open',
    run: (state, name) => openConfigEditor(state, name),
  }),
  onSelected({
    id: 'configs.edit',
    title: 'Edit the configuration in $EDITOR',
    keys: ['e'],
    footer: 'edit',
    run: (state, name) => andThen(openConfigEditor(state, name), (next) => editConfig(next, name)),
  }),
  onSelected({
    id: 'configs.test',
    title: 'Test the configuration on its live page',
    keys: ['t'],
    footer: 'test',
    run: (state, name) => andThen(openConfigEditor(state, name), startTestRun),
  }),
  {
    ...onSelected({
      id: 'configs.users',
      title: 'Show the jobs that use the configuration',
      keys: ['o'],
      footer: 'its jobs',
      run: openJobsUsing,
    }),
    available: (state) => {
      const name = selectedConfig(state);
      if (name === undefined) return 'No configuration is selected.';
      return jobsUsing(state.home, name).length > 0 ? true : 'No job uses it: c creates one.';
    },
    command: (state) => `quickscrape job list --config ${selectedConfig(state) ?? '<config>'}`,
  },
  {
    id: 'configs.new',
    title: 'Create a configuration for an address',
    synonyms: ['wizard', 'add', 'scrape', 'url'],
    group: 'Configuration',
    scope: 'configs',
    keys: ['n'],
    footer: 'new',
    perform: (state) => openDialog(state, { kind: 'new_config', ...FIRST_NEW_CONFIG }),
  },
  {
    id: 'configs.delete',
    title: 'Delete the configuration',
    group: 'Configuration',
    scope: 'configs',
    keys: ['d', 'delete'],
    footer: 'delete',
    changes: true,
    available: (state) => {
      const name = selectedConfig(state);
      if (name === undefined) return 'No configuration is selected.';
      if (findConfig(state, name) === undefined) return 'It is not saved yet; Enter, then x discards it.';
      const jobs = jobsUsing(state.home, name);
      if (jobs.length === 0) return true;
      return `It is used by ${truncateList(jobs.map(({ id }) => id))}. Delete these jobs first, or give them another configuration.`;
    },
    perform: (state) => askToDelete(state),
  },
];

function askToDelete(state: State): Step {
  const name = selectedConfig(state) ?? '';
  const row = findConfig(state, name);
  if (row === undefined) return step(state);
  return openDialog(state, {
    kind: 'confirm',
    title: 'Delete the configuration?',
    lines: [name, '', 'No job uses it. Its text stays in the trash for 30 days.'],
    typed: '',
    effects: [
      {
        kind: 'call',
        name: 'delete_config',
        params: { config_name: name, ...(row.revision !== null && { if_revision: row.revision }) },
        tag: configTag({ what: 'delete', name }),
        done: `${name} was deleted. u undoes it; its text stays in the trash (Z) for 30 days.`,
      },
    ],
  });
}

function onSelected({
  run,
  ...action
}: Pick<Action, 'id' | 'title' | 'keys'> & {
  footer: string;
  run: (state: State, name: string) => Step;
}): Action {
  return {
    ...action,
    group: 'Configuration',
    scope: 'configs',
    available: (state) => (selectedConfig(state) === undefined ? 'No configuration is selected.' : true),
    perform: (state) => {
      const name = selectedConfig(state);
      return name === undefined ? step(state) : run(state, name);
    },
  };
}

/** Actions in other views that open the configurations. */
export const openConfigsActions: readonly Action[] = [
  {
    id: 'configs.open',
    title: 'Show the configurations',
    synonyms: ['wizard', 'yaml', 'sites'],
    group: 'View',
    scope: ['jobs', 'timeline', 'config'],
    keys: ['c'],
    footer: 'configs',
    urgent: (state) =>
      state.home?.jobs.length === 0 && currentView(state).name === 'jobs' ? 'configs' : undefined,
    perform: openConfigs,
    command: () => 'quickscrape list',
  },
  {
    id: 'configs.repair',
    title: 'Repair the selectors: what is broken, a proposal from the kept page, save, run again',
    synonyms: ['fix', 'broken', 'selector'],
    group: 'Run',
    scope: ['jobs', 'runs', 'log', 'config'],
    keys: ['R'],
    footer: 'repair',
    footerWhen: (state) => currentView(state).name === 'config' || isLikelyBroken(state),
    urgent: (state) => (isLikelyBroken(state) ? 'repair' : undefined),
    available: (state) => {
      const run = runToRepair(state);
      return typeof run === 'string' ? run : true;
    },
    perform: (state) => {
      const run = runToRepair(state);
      if (typeof run === 'string') return step(state);
      return currentView(state).name === 'config' ? startRepair(state) : openRepair(state, run);
    },
  },
];

/** Whether the run that would be repaired has failed. */
function isLikelyBroken(state: State): boolean {
  const { name } = currentView(state);
  if (name === 'config') return false;
  const last = name === 'jobs' ? selectedJob(state)?.last : undefined;
  if (last) return hasFailed(last);
  const run = name === 'jobs' ? undefined : selectedRun(state);
  return run !== undefined && ['failed', 'timed_out', 'abandoned'].includes(run.status);
}

/**
 * The run whose selectors need repair: the selected run, or the last run of the selected job. Returns the reason when
 * there is none.
 */
function runToRepair(state: State): { jobId: string; runId: string; configName: string } | string {
  const { name } = currentView(state);
  if (name === 'config') {
    const { run, name: configName } = state.configs.editor;
    return run === null ? 'No job that uses it has run yet.' : { ...run, configName };
  }
  if (name !== 'jobs') {
    const run = selectedRun(state);
    if (run === undefined) return whyNoRun(state);
    return { jobId: run.job_id, runId: run.run_id, configName: run.config_name };
  }
  const job = selectedJob(state);
  if (job === undefined) return 'No job is selected.';
  if (job.configName === null) return 'Its file cannot be used.';
  if (job.last === null) return 'It has not run yet.';
  return { jobId: job.id, runId: job.last.runId, configName: job.configName };
}
