import { editAsJson } from '../form/edit-json.ts';
import { focusOn, withTexts } from '../form/form.ts';
import { withForm } from '../form/form-state.ts';
import { openEditForm, openNewForm } from '../form/open-form.ts';
import { openPanel } from '../form/panel.ts';
import { review } from '../form/store-form.ts';
import { testForm } from '../form/test-form.ts';
import { selectedJob } from '../state/jobs-view.ts';
import type { State } from '../state/state.ts';
import { step } from '../state/step.ts';
import { EMPTY_LINE } from '../text/edit-line.ts';
import type { Action } from './action.ts';

/** Making and editing jobs: what opens a form, and what can be done in one. */
export const formActions: readonly Action[] = [
  {
    id: 'form.new',
    title: 'Create a job',
    group: 'Job',
    scope: 'jobs',
    keys: ['n'],
    footer: 'new',
    changes: true,
    perform: (state) => openNewForm(state),
    command: () => 'quickscrape job create --config <configuration> --schedule daily --at 09:00',
  },
  {
    id: 'form.edit',
    title: 'Edit the job',
    group: 'Job',
    scope: 'jobs',
    keys: ['e'],
    footer: 'edit',
    changes: true,
    available: (state) => {
      const job = selectedJob(state);
      if (job === undefined) return 'No job is selected.';
      return job.definition === null ? 'Its file cannot be used: E opens it in your editor.' : true;
    },
    perform: (state) => {
      const job = selectedJob(state);
      return job === undefined ? step(state) : openEditForm(state, job);
    },
    command: (state) => `quickscrape job update ${selectedJob(state)?.id ?? '<job>'}`,
  },
  {
    id: 'form.json',
    title: 'Edit the job as JSON in $EDITOR',
    group: 'Job',
    scope: 'jobs',
    keys: ['E'],
    changes: true,
    available: (state) => (selectedJob(state) === undefined ? 'No job is selected.' : true),
    perform: (state) => {
      const job = selectedJob(state);
      return job === undefined ? step(state) : editAsJson(state, job);
    },
  },
  {
    id: 'form.store',
    title: 'Look at what changes, then store it',
    group: 'Job',
    scope: 'form',
    keys: ['ctrl+s'],
    footer: 'store',
    changes: true,
    perform: review,
  },
  {
    id: 'form.test',
    title: 'Try the configuration and show its first items (nothing is stored)',
    group: 'Job',
    scope: 'form',
    keys: ['ctrl+t'],
    footer: 'try',
    available: ({ form }) =>
      (form.open?.texts.config_name.trim() ?? '') === '' ? 'Choose a configuration first.' : true,
    perform: testForm,
  },
  {
    id: 'form.presets',
    title: 'Choose a common schedule',
    group: 'Job',
    scope: 'form',
    keys: ['ctrl+o'],
    footer: 'schedules',
    perform: (state) => {
      const form = state.form.open;
      if (form === undefined) return step(state);
      const path = 'schedule.type';
      return step(
        openPanel(withForm(state, focusOn(form, path)), { is: 'pick', path, query: EMPTY_LINE, index: 0 }),
      );
    },
  },
  {
    id: 'form.reset',
    title: 'Put the field back as it was',
    group: 'Job',
    scope: 'form',
    keys: ['alt+z'],
    available: (state) => (focusedField(state) === undefined ? 'The field is as it was.' : true),
    perform: (state) => {
      const found = focusedField(state);
      if (found === undefined) return step(state);
      const { form, path } = found;
      return step(withForm(state, withTexts(form, { [path]: form.stored[path] })));
    },
  },
];

/** The field that has the keys, when it is changed. */
function focusedField({ form: { open } }: State) {
  if (open === undefined || open.focus === 'more') return undefined;
  return open.texts[open.focus] === open.stored[open.focus] ? undefined : { form: open, path: open.focus };
}
