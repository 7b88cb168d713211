import { parseNotify } from '../../../core/model/notify-events.ts';
import { findJobRow } from '../../home/home-data.ts';
import type { Action } from '../../kernel/action.ts';
import type { State } from '../../kernel/model.ts';
import { andThen, currentView, step } from '../../kernel/step.ts';
import { keyInput } from '../../ui/input.ts';
import { findConfig, findDraft, isUnused, selectedConfig } from '../config-editor/config-state.ts';
import { openConfigEditor } from '../config-editor/open-config-editor.ts';
import { selectedJob } from '../jobs/reducer.ts';
import { testChannel } from '../messages/reducer.ts';
import { inputToForm } from './edit-form.ts';
import { openPresets, withForm, withTexts } from './form.ts';
import { reviewForm, testForm } from './form-calls.ts';
import { editAsJson, openCopyForm, openEditForm, openNewForm } from './open-form.ts';
import { textAt } from './param-texts.ts';

/** Actions that open forms, and actions in a form. */
export const formActions: readonly Action[] = [
  {
    id: 'form.new',
    title: 'Create a job',
    synonyms: ['add', 'new'],
    group: 'Job',
    scope: 'jobs',
    keys: ['n'],
    footer: 'new',
    changes: true,
    urgent: (state) => (state.home?.jobs.length === 0 ? 'new job' : undefined),
    perform: (state) => openNewForm(state),
    command: () => 'quickscrape job create --config <configuration> --schedule daily --at 09:00',
  },
  {
    id: 'form.new-of-config',
    title: 'Create a job with the configuration',
    group: 'Job',
    scope: 'configs',
    keys: ['c', 'C'],
    footer: 'create job',
    changes: true,
    available: (state) => {
      const name = selectedConfig(state);
      if (name === undefined) return 'No configuration is selected.';
      return findConfig(state, name) === undefined ? 'It is not saved yet.' : true;
    },
    perform: (state) => openNewForm(state, selectedConfig(state)),
    command: (state) => `quickscrape job create --config ${selectedConfig(state) ?? '<configuration>'}`,
  },
  {
    id: 'form.new-of-open-config',
    title: 'Create a job with the configuration',
    group: 'Job',
    scope: 'config',
    // In this view, c shows the configurations.
    keys: ['C'],
    footer: 'create job',
    footerWhen: (state) => isUnused(state, state.configs.editor.name),
    urgent: (state) => {
      const { name } = state.configs.editor;
      const isSaved = findConfig(state, name) !== undefined && findDraft(state, name) === undefined;
      return isSaved && isUnused(state, name) ? 'create job' : undefined;
    },
    changes: true,
    available: (state) => {
      const { name } = state.configs.editor;
      return findConfig(state, name) === undefined ? 'Save it first (Ctrl-S).' : true;
    },
    perform: (state) => openNewForm(state, state.configs.editor.name),
    command: (state) => `quickscrape job create --config ${state.configs.editor.name}`,
  },
  {
    id: 'form.edit',
    title: 'Edit the job',
    synonyms: ['modify', 'schedule', 'cron'],
    group: 'Job',
    scope: ['jobs', 'runs/main'],
    keys: ['e'],
    footer: 'edit',
    changes: true,
    available: (state) => {
      const job = jobAtHand(state);
      if (job === undefined) return 'No job is selected.';
      return job.definition === null ? 'Its file cannot be used: E opens it in your editor.' : true;
    },
    perform: (state) => {
      const job = jobAtHand(state);
      return job === undefined ? step(state) : openEditForm(state, job);
    },
    command: (state) => `quickscrape job update ${jobAtHand(state)?.id ?? '<job>'}`,
  },
  {
    id: 'form.copy',
    title: 'Create a job like this one',
    synonyms: ['duplicate', 'clone', 'copy'],
    group: 'Job',
    scope: ['jobs', 'runs'],
    keys: ['C'],
    changes: true,
    available: (state) => {
      const job = jobAtHand(state);
      if (job === undefined) return 'No job is selected.';
      return job.definition === null ? 'Its file cannot be used.' : true;
    },
    perform: (state) => {
      const job = jobAtHand(state);
      return job === undefined ? step(state) : openCopyForm(state, job);
    },
    command: (state) => `quickscrape job clone ${jobAtHand(state)?.id ?? '<job>'} <new>`,
  },
  {
    id: 'form.json',
    title: 'Edit the job as JSON in $EDITOR',
    synonyms: ['raw'],
    group: 'Job',
    scope: ['jobs', 'runs'],
    keys: ['E'],
    changes: true,
    urgent: (state) => (jobAtHand(state)?.error ? 'edit the file' : undefined),
    available: (state) => (jobAtHand(state) === undefined ? 'No job is selected.' : true),
    perform: (state) => {
      const job = jobAtHand(state);
      return job === undefined ? step(state) : editAsJson(state, job);
    },
  },
  move('next', 'Go to the next field (or Tab, Enter)', 'down'),
  move('previous', 'Go to the previous field (or Shift-Tab)', 'up'),
  move('far-next', 'Go eight fields down', 'pagedown'),
  move('far-previous', 'Go eight fields up', 'pageup'),
  {
    id: 'form.store',
    title: 'Review the changes, then save them',
    group: 'Job',
    scope: 'form',
    keys: ['ctrl+s'],
    footer: 'save',
    changes: true,
    perform: reviewForm,
  },
  {
    id: 'form.test',
    title: 'Test the configuration and show its first items (nothing is saved)',
    group: 'Job',
    scope: 'form',
    keys: ['ctrl+t'],
    footer: 'test',
    available: ({ form }) =>
      (form.open?.texts.config_name.trim() ?? '') === '' ? 'Choose a configuration first.' : true,
    perform: testForm,
  },
  {
    id: 'form.test-channels',
    title: 'Send a test message to the channels of the form',
    synonyms: ['notify', 'mail', 'alert'],
    group: 'Job',
    scope: 'form',
    keys: ['alt+t'],
    changes: true,
    available: (state) =>
      namedChannels(state).length === 0 ? 'Name a channel in the field notify first.' : true,
    perform: (state) =>
      namedChannels(state).reduce(
        (before, channel) => andThen(before, (each) => testChannel(each, channel)),
        step(state),
      ),
  },
  {
    id: 'form.presets',
    title: 'Choose a common schedule',
    group: 'Job',
    scope: 'form',
    keys: ['ctrl+o'],
    footer: 'schedules',
    perform: (state) => step(openPresets(state)),
  },
  {
    id: 'form.config',
    title: 'Open the configuration (the form stays open)',
    group: 'Job',
    scope: 'form',
    keys: ['ctrl+b'],
    available: ({ form, configs }) => {
      const name = form.open?.texts.config_name.trim() ?? '';
      if (name === '') return 'Choose a configuration first.';
      return form.open?.configs?.includes(name) || configs.drafts[name] !== undefined
        ? true
        : 'There is no such configuration.';
    },
    perform: (state) => openConfigEditor(state, state.form.open?.texts.config_name.trim() ?? ''),
  },
  {
    id: 'form.reset',
    title: 'Reset the field',
    group: 'Job',
    scope: 'form',
    keys: ['alt+z'],
    available: (state) => (focusedField(state) === undefined ? 'The field is not changed.' : true),
    perform: (state) => {
      const found = focusedField(state);
      if (found === undefined) return step(state);
      const { form, path } = found;
      return step(withForm(state, withTexts(form, { [path]: textAt(form.stored, path) })));
    },
  },
];

/** Lists keys that the form itself handles, so that the help includes them. */
function move(name: string, title: string, key: string): Action {
  return {
    id: `form.${name}`,
    title,
    group: 'Move',
    scope: 'form',
    keys: [key],
    perform: (state) => inputToForm(state, keyInput(key)) ?? step(state),
  };
}

/** The selected job, or the job whose runs are shown. */
function jobAtHand(state: State) {
  const view = currentView(state);
  return view.name === 'runs' ? findJobRow(state.home?.jobs ?? [], view.jobId) : selectedJob(state);
}

/** The channels that the form's field names: `me team:failure` names two. */
function namedChannels({ form: { open } }: State): readonly string[] {
  const text = open?.texts.notify.trim() ?? '';
  try {
    const entries = text === '' ? [] : parseNotify(text);
    return [...new Set(entries.map(({ channel }) => channel))];
  } catch {
    return [];
  }
}

/** The field with the focus, when it can be edited. */
function focusedField({ form: { open } }: State) {
  if (open === undefined || open.focus === 'more') return undefined;
  const path = open.focus;
  return textAt(open.texts, path) === textAt(open.stored, path) ? undefined : { form: open, path };
}
