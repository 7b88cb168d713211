import { pluralize } from '../../../core/lib/text.ts';
import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { scrollMoves } from '../../kernel/move-actions.ts';
import { step } from '../../kernel/step.ts';
import { configMainRows, scrollSide, scrollText, scrollTextSideways, sidePane } from './config-navigation.ts';
import {
  changedByOthers,
  currentYaml,
  findConfig,
  findDraft,
  jobsUsing,
  whyDraftUnsavable,
} from './config-state.ts';
import {
  checkDraft,
  discardDraft,
  editConfig,
  mergeDraft,
  restoreDraft,
  runJobWith,
  saveDraft,
  startTestRun,
} from './draft-steps.ts';
import { hasSavedPage } from './model.ts';
import { openJobsUsing } from './open-config-editor.ts';
import {
  isRepaired,
  isRepairSearched,
  isWriting,
  listProposed,
  listRepairable,
  needsLivePage,
  whyTakeNot,
} from './repair-state.ts';
import { skipBroken, startRepair, takeProposal, takeProposals } from './repair-steps.ts';

/** Actions on the open configuration. */
export const configEditorActions: readonly Action[] = [
  {
    ...onConfigEditor('edit', 'Edit the configuration in $EDITOR', ['e'], 'edit'),
    available: (state) => {
      const row = findConfig(state, nameOf(state));
      if (row?.problem) return row.problem;
      return isPresent(state) ? true : 'There is no such configuration.';
    },
    perform: (state) => editConfig(state, nameOf(state)),
  },
  {
    ...onConfigEditor('save', 'Save the changes', ['ctrl+s'], 'save'),
    changes: true,
    urgent: (state) => (isRepaired(state) && whySaveNot(state) === true ? 'save' : undefined),
    available: whySaveNot,
    perform: (state) => saveDraft(state, nameOf(state)),
  },
  {
    ...onConfigEditor('test', 'Test the text that is shown', ['t'], 'test'),
    available: (state) => (isPresent(state) ? true : 'There is no such configuration.'),
    perform: startTestRun,
    command: (state) => `quickscrape scrape ${nameOf(state)} --sample 5`,
  },
  {
    ...onConfigEditor(
      'place',
      'Test on the live page, or on the one that the run kept',
      ['w'],
      'live / kept page',
    ),
    available: (state) =>
      hasSavedPage(state.configs.editor) ? true : 'No run of a job that uses it has kept a page.',
    perform: (state) => {
      const { editor } = state.configs;
      const source = editor.source === 'kept' ? 'live' : 'kept';
      return startTestRun({ ...state, configs: { ...state.configs, editor: { ...editor, source } } });
    },
  },
  {
    ...onConfigEditor('page', 'Open the page that the run kept in $PAGER', ['p'], 'read page'),
    available: (state) =>
      hasSavedPage(state.configs.editor) ? true : 'No run of a job that uses it has kept a page.',
    perform: (state) => {
      const { run } = state.configs.editor;
      if (run === null) return step(state);
      const { jobId, runId } = run;
      return step(state, { kind: 'page_run', jobId, runId, file: 'page', tag: 'config.page' });
    },
  },
  {
    ...onConfigEditor('run', 'Run the job that uses it again', ['r'], 'run again'),
    group: 'Run',
    changes: true,
    urgent: (state) => {
      const isSaved = findDraft(state, nameOf(state)) === undefined;
      return isSaved && isRepaired(state) && whyRunNot(state) === true ? 'run again' : undefined;
    },
    available: whyRunNot,
    perform: (state) => {
      const id = jobToRun(state);
      return id === undefined ? step(state) : runJobWith(state, nameOf(state), id);
    },
    command: (state) => `quickscrape job run ${jobToRun(state) ?? '<job>'} --background`,
  },
  {
    ...onConfigEditor('users', 'Show the jobs that use the configuration', ['o'], undefined),
    available: (state) =>
      jobsUsing(state.home, nameOf(state)).length > 0 ? true : 'No job uses it: C creates one.',
    perform: (state) => openJobsUsing(state, nameOf(state)),
    command: (state) => `quickscrape job list --config ${nameOf(state)}`,
  },
  {
    ...onConfigEditor('merge', 'Merge what others have saved meanwhile into the text', ['a'], 'merge theirs'),
    available: (state) => (changedByOthers(state, nameOf(state)) ? true : 'Nobody has changed it meanwhile.'),
    perform: (state) => mergeDraft(state, nameOf(state)),
  },
  {
    ...onConfigEditor('throw-away', 'Discard the unsaved changes, or restore them', ['x'], undefined),
    available: (state) => {
      const name = nameOf(state);
      const canTakeBack = state.configs.discarded?.name === name;
      return findDraft(state, name) !== undefined || canTakeBack ? true : 'There are no unsaved changes.';
    },
    perform: (state) => {
      const name = nameOf(state);
      return findDraft(state, name) === undefined ? restoreDraft(state, name) : discardDraft(state, name);
    },
  },
  {
    ...onConfigEditor('check', 'Check again whether the text can run', ['v'], undefined),
    available: (state) => (isPresent(state) ? true : 'There is no such configuration.'),
    perform: (state) => {
      const draft = findDraft(state, nameOf(state));
      if (draft !== undefined) return checkDraft(state, nameOf(state), draft);
      const { [nameOf(state)]: _known, ...checks } = state.configs.checks;
      return step({ ...state, configs: { ...state.configs, checks } });
    },
    command: (state) => `quickscrape validate ${nameOf(state)}`,
  },
  {
    ...onConfigEditor('copy', 'Copy the text', ['y'], undefined),
    available: (state) => (isPresent(state) ? true : 'There is no such configuration.'),
    perform: (state) => {
      const name = nameOf(state);
      return step(state, { kind: 'copy', text: currentYaml(state, name), what: `the text of ${name}` });
    },
  },
  ...scrollMoves({
    name: 'config.text',
    scope: 'config/main',
    what: 'the text',
    height: configMainRows,
    scroll: (state, by) => step(scrollText(state, by)),
  }),
  ...scrollMoves({
    name: 'config.side',
    scope: 'config/side',
    what: 'what was found',
    height: (state) => sidePane(state).rows,
    scroll: (state, by) => step(scrollSide(state, by)),
  }),
  scrollSideways('left', 'Scroll to the left', ['h', 'left'], -8),
  scrollSideways('right', 'Scroll to the right', ['l', 'right'], 8),
];

/** Actions on the broken selectors of the open configuration. */
export const repairActions: readonly Action[] = [
  {
    id: 'config.live-repair',
    title: 'Fetch the live page, and look for other selectors on it',
    synonyms: ['repair', 'fix', 'download'],
    group: 'Configuration',
    scope: 'config',
    keys: ['f'],
    footer: 'live page',
    urgent: (state) => (needsLivePage(state) ? 'live page' : undefined),
    available: ({ configs: { editor } }) => {
      if (editor.run === null) return 'No job that uses it has run yet: t tests the live page.';
      return isRepairSearched(editor) ? 'It is still searched for.' : true;
    },
    perform: (state) => startRepair(state, true),
  },
  {
    id: 'config.take',
    title: 'Take the proposed selector, and try it on its page',
    synonyms: ['repair', 'fix', 'accept', 'apply'],
    group: 'Configuration',
    scope: 'config',
    keys: ['enter'],
    footer: 'take it',
    urgent: (state) =>
      whyTakeNot(state) === true && !isRepairSearched(state.configs.editor) ? 'take it' : undefined,
    available: whyTakeNot,
    perform: takeProposal,
  },
  {
    id: 'config.take-all',
    title: 'Take all proposed selectors, and try them on their page',
    group: 'Configuration',
    scope: 'config',
    keys: ['A'],
    footer: 'take all',
    available: (state) => {
      if (isRepairSearched(state.configs.editor)) return 'They are still searched for.';
      const count = listProposed(state).length;
      if (count > 1) return isWriting(state) ? 'The one before is being written.' : true;
      return `There ${count === 1 ? 'is' : 'are'} ${pluralize(count, 'proposal')}.`;
    },
    perform: (state) => takeProposals(state, listProposed(state)),
  },
  {
    id: 'config.next-broken',
    title: 'Go to the next broken selector',
    group: 'Configuration',
    scope: 'config',
    keys: ['n'],
    footer: 'next selector',
    available: (state) => {
      const open = listRepairable(state).filter(({ isOpen }) => isOpen).length;
      return open > 1 ? true : `There ${open === 1 ? 'is' : 'are'} ${pluralize(open, 'broken selector')}.`;
    },
    perform: (state) => step(skipBroken(state)),
  },
];

function onConfigEditor(name: string, title: string, keys: readonly string[], footer: string | undefined) {
  const action = {
    id: `config.${name}`,
    title,
    group: 'Configuration' as const,
    scope: 'config' as const,
    keys,
  };
  return footer === undefined ? action : { ...action, footer };
}

function whySaveNot(state: State): true | string {
  const name = nameOf(state);
  const draft = findDraft(state, name);
  if (isWriting(state)) return 'The proposal is being written into the text.';
  if (draft === undefined) return 'There are no unsaved changes.';
  if (draft.isSaving) return 'It is being saved.';
  if (draft.isSaveAwaited) return 'It is saved when it is checked.';
  return whyDraftUnsavable(state, name);
}

function whyRunNot(state: State): true | string {
  const { editor } = state.configs;
  const draft = findDraft(state, editor.name);
  if (draft?.thenRuns !== undefined) return 'It runs when it is saved.';
  if (isWriting(state) || editor.repair?.isAwaited)
    return 'The proposal is taken first. Then Ctrl-S saves it, and r runs it. Esc cancels the search.';
  if (draft !== undefined && !draft.isSaving && !draft.isSaveAwaited)
    return 'Save it first (Ctrl-S): a run uses what is saved.';
  if (jobToRun(state) !== undefined) return true;
  const jobs = jobsUsing(state.home, editor.name);
  return jobs.length === 0
    ? 'No job uses it: C creates one.'
    : 'Several jobs use it: run one of them from the jobs.';
}

/** The job of the inspected run, otherwise the only job that uses the configuration. */
function jobToRun(state: State): string | undefined {
  const { run, name } = state.configs.editor;
  const jobs = jobsUsing(state.home, name);
  if (run !== null) return jobs.find(({ id }) => id === run.jobId)?.id;
  return jobs.length === 1 ? jobs[0]?.id : undefined;
}

function isPresent(state: State): boolean {
  const name = nameOf(state);
  return findDraft(state, name) !== undefined || findConfig(state, name) !== undefined;
}

function nameOf(state: State): string {
  return state.configs.editor.name;
}

function scrollSideways(name: string, title: string, keys: readonly string[], cells: number): Action {
  return {
    id: `config.${name}`,
    title,
    group: 'Move',
    scope: 'config/main',
    keys,
    perform: (state) => step(scrollTextSideways(state, cells)),
  };
}
