import { jobFile } from '../../../core/fs/paths.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { findField, findSyntaxError } from '../../../core/lib/json-location.ts';
import { type JobDefinition, parseDefinition } from '../../../core/model/definition.ts';
import { findJobRow } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import { toFailure } from '../../kernel/call.ts';
import type { State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { andThen, openView, step } from '../../kernel/step.ts';
import { changedFields, isDirty, rebaseForm, toNewJobForm } from './changes.ts';
import {
  closePanel,
  editForm,
  jobFileTag,
  jobIdOfJsonTag,
  jsonTag,
  newForm,
  openPanel,
  withForm,
  withJsonDraft,
  withTexts,
} from './form.ts';
import { reviewForm } from './form-calls.ts';
import { toFormTexts } from './form-values.ts';
import type { Form, FormState, JsonDraft } from './model.ts';

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

/** Opens a form over the current view. */
function openForm(state: State, form: Form): Step {
  const left = state.form.open;
  // The earlier form is below another view, or was left without a confirmation.
  if (left !== undefined && isDirty(left)) {
    const shown = state.views.some(({ name }) => name === 'form')
      ? step(state)
      : openView(state, { name: 'form' });
    return step(withNotice(shown.state, 'warning', 'This form has unsaved changes: save or leave it first.'));
  }
  return openView(withForm(state, inSettingsZone(form, state)), { name: 'form' });
}

/** The form of a new job with the time zone of the settings, which counts where its schedule has none. */
export function inSettingsZone(form: Form, { home }: State): Form {
  const zone = form.jobId === undefined ? home?.settings.values.timezone : undefined;
  return zone === undefined || zone === form.zone ? form : { ...form, zone };
}

/** Leaves the form. Asks first when changes would be lost. */
export function leaveForm(state: State): Step {
  const form = state.form.open;
  if (form !== undefined && isDirty(form)) return step(openPanel(state, { is: 'leave' }));
  return step(closeForm(state));
}

/** Closes the form, at any position among the views. */
export function closeForm(state: State): State {
  const views = state.views.filter(({ name }) => name !== 'form');
  const closed = closePanel(withForm(state, undefined));
  // The view below the form is the one that opened it.
  return views.length === 0 || views.length === state.views.length
    ? closed
    : { ...closed, views, pane: 'main' };
}

/**
 * Opens a job in `$EDITOR`, as a copy of its definition in JSON. The edited text returns as changes to review. If the
 * job's file cannot be used, the file itself is opened.
 */
export function editAsJson(state: State, row: JobRow): Step {
  const { id, definition, revision } = row;
  if (definition === null) {
    const path = jobFile(state.paths.jobs, id);
    return step(state, { kind: 'edit_file', path, tag: jobFileTag(id) });
  }
  const draft = state.form.drafts[id];
  if (draft?.rejected !== undefined) return editAgain(state, id);
  const stored = { definition, revision };
  return edit(state, id, { stored, text: textOfJob(definition), rejected: undefined });
}

/** Reopens the editor with the text that it returned last. */
export function editAgain(state: State, jobId: string): Step {
  const draft = state.form.drafts[jobId];
  return draft === undefined ? step(state) : edit(state, jobId, draft);
}

export function discardJsonDraft(state: State, jobId: string): State {
  return withJsonDraft(state, jobId, undefined);
}

function edit(state: State, jobId: string, draft: JsonDraft): Step {
  const fileName = `${jobId}.json`;
  const effect = { kind: 'edit_text', text: draft.text, fileName, tag: jsonTag(jobId) } as const;
  return step(withJsonDraft(state, jobId, draft), effect);
}

function textOfJob(definition: JobDefinition): string {
  return `${JSON.stringify(definition, null, 2)}\n`;
}

/**
 * Handles the text from the editor. A valid job becomes a form that shows its changes. Other text is kept, and the
 * reason is shown.
 */
export function onEditorClosed(state: State, tag: string, text: string | undefined): Step {
  const jobId = jobIdOfJsonTag(tag);
  const draft = jobId === undefined ? undefined : state.form.drafts[jobId];
  if (jobId === undefined || draft === undefined || text === undefined) return step(state);
  if (draft.rejected === undefined && text === draft.text)
    return step(withNotice(discardJsonDraft(state, jobId), 'info', 'Nothing is changed.'));
  const read = parseJob(text, draft.stored.definition);
  if ('rejected' in read)
    return step(
      openPanel(withJsonDraft(state, jobId, { ...draft, text, ...read }), { is: 'rejected', jobId }),
    );
  const fresh = editForm(jobId, draft.stored);
  // Another client may have changed the job while the editor was open.
  const rebased = rebaseForm(
    withTexts(fresh, toFormTexts(read.definition, jobId)),
    findJobRow(state.home?.jobs ?? [], jobId),
  );
  const form = { ...rebased, visited: [] };
  const without = discardJsonDraft(state, jobId);
  if (changedFields(form).length === 0) return step(withNotice(without, 'info', 'Nothing is changed.'));
  const opened = openForm(without, form);
  if (opened.state.form.open === form) return andThen(opened, reviewForm);
  const rejected = { message: 'it was not looked at yet: another form was open' };
  return andThen(opened, (next) => step(withJsonDraft(next, jobId, { ...draft, text, rejected })));
}

function parseJob(
  text: string,
  before: JobDefinition,
): { definition: JobDefinition } | Pick<JsonDraft, 'rejected'> {
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = `not JSON: ${error instanceof Error ? error.message : error}`;
    return { rejected: { message, ...findSyntaxError(text) } };
  }
  try {
    return { definition: parseDefinition(data, { timezone: before.schedule.timezone }) };
  } catch (error) {
    if (!(error instanceof QuickscrapeError)) throw error;
    const { code, message, hint, field = '' } = toFailure(error);
    const place = findField(text, code === 'invalid_schedule' ? `schedule.${field}` : field);
    return { rejected: { message, ...(hint !== undefined && { hint }), ...place } };
  }
}
