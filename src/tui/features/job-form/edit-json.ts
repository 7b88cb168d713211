import { jobFile } from '../../../core/fs/paths.ts';
import { findField, findSyntaxError } from '../../../core/jobs/json-location.ts';
import { QuickscrapeError } from '../../../core/lib/errors.ts';
import { type JobDefinition, parseDefinition } from '../../../core/model/definition.ts';
import { findJobRow } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { andThen, step } from '../../kernel/step.ts';
import { changedFields } from './changes.ts';
import { editForm, withTexts } from './form.ts';
import { jobFileTag, jobIdOfJsonTag, jsonTag, withJsonDraft } from './form-state.ts';
import type { JsonDraft } from './model.ts';
import { openForm } from './open-form.ts';
import { openPanel } from './open-panel.ts';
import { rebaseForm } from './rebase-form.ts';
import { reviewForm } from './store-form.ts';
import { toFormTexts } from './texts.ts';

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
  const openEditor = openForm(without, form);
  if (openEditor.state.form.open === form) return andThen(openEditor, reviewForm);
  const rejected = { message: 'it was not looked at yet: another form was open' };
  return andThen(openEditor, (next) => step(withJsonDraft(next, jobId, { ...draft, text, rejected })));
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
    const { code, message, hint, field = '' } = error;
    const place = findField(text, code === 'invalid_schedule' ? `schedule.${field}` : field);
    return { rejected: { message, ...(hint !== undefined && { hint }), ...place } };
  }
}
