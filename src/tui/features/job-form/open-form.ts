import type { JobRow } from '../../home/job-row.ts';
import type { State, Step } from '../../kernel/model.ts';
import { openView } from '../../kernel/navigation.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { isDirty } from './changes.ts';
import { editForm, newForm } from './form.ts';
import { withForm, ZONE_TAG } from './form-state.ts';
import type { Form, FormState } from './model.ts';
import { toNewJobForm } from './rebase-form.ts';

/**
 * Opens the form of a new job.
 * @param configName the initial configuration
 */
export function openNewForm(state: State, configName = ''): Step {
  return openForm(state, newForm(state.timezone, configName));
}

/** Opens the form of a new job with the values of another job. */
export function openCopyForm(state: State, { id, definition, revision }: JobRow): Step {
  if (definition === null) return step(state);
  const copy = toNewJobForm(editForm(id, { definition, revision }));
  return openForm(state, { ...copy, stored: copy.texts });
}

/** Opens the form of an existing job whose file can be used. */
export function openEditForm(state: State, { id, definition, revision }: JobRow): Step {
  return definition === null ? step(state) : openForm(state, editForm(id, { definition, revision }));
}

/** The jobs with changes that quitting would lose: the job of the open form, and rejected texts from the editor. */
export function unsavedJobs({ open, drafts }: FormState): readonly string[] {
  const inForm = open !== undefined && isDirty(open) ? [open.jobId ?? 'a new job'] : [];
  return [...inForm, ...Object.keys(drafts).filter((id) => drafts[id]?.rejected !== undefined)];
}

/** Opens a form over the current view and requests the data that it needs. */
export function openForm(state: State, form: Form): Step {
  const left = state.form.open;
  // The earlier form is below another view, or was left without a confirmation.
  if (left !== undefined && isDirty(left)) {
    const shown = state.views.some(({ name }) => name === 'form')
      ? step(state)
      : openView(state, { name: 'form' });
    return step(
      withNotice(
        shown.state,
        'warning',
        'This form has changes that are not stored: store or leave it first.',
      ),
    );
  }
  const opened = openView(withForm(state, form), { name: 'form' }).state;
  if (form.jobId !== undefined) return step(opened);
  // A preview without a time zone returns the zone of the settings.
  const params = { schedule: { type: 'daily', time: '00:00' }, count: 1 } as const;
  return step(opened, {
    kind: 'call',
    name: 'preview_schedule',
    params,
    tag: ZONE_TAG,
    quiet: true,
  });
}
