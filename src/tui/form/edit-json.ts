import { QuickscrapeError } from '../../core/errors.ts';
import { type JobDefinition, parseDefinition } from '../../core/job/definition.ts';
import { jobFile } from '../../core/paths.ts';
import { findField, findSyntaxError } from '../../core/store/json-place.ts';
import { jobOf } from '../home/home-data.ts';
import type { JobRow } from '../home/job-row.ts';
import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { andThen, type Step, step } from '../state/step.ts';
import { changedHere } from './changes.ts';
import { followJob } from './follow.ts';
import { editForm, withTexts } from './form.ts';
import { type Draft, withDraft } from './form-state.ts';
import { jobFileTag, jobOfJsonTag, jsonTag } from './form-tags.ts';
import { openForm } from './open-form.ts';
import { openPanel } from './panel.ts';
import { review } from './store-form.ts';
import { textsOf } from './texts.ts';

/**
 * Opens a job in `$EDITOR`: a copy of its definition as JSON, which comes back as changes to be looked at; of a job
 * whose file cannot be used, that file.
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

/** Gives the editor what it gave back last. */
export function editAgain(state: State, jobId: string): Step {
  const draft = state.form.drafts[jobId];
  return draft === undefined ? step(state) : edit(state, jobId, draft);
}

export function throwAway(state: State, jobId: string): State {
  return withDraft(state, jobId, undefined);
}

function edit(state: State, jobId: string, draft: Draft): Step {
  const fileName = `${jobId}.json`;
  const effect = { kind: 'edit_text', text: draft.text, fileName, tag: jsonTag(jobId) } as const;
  return step(withDraft(state, jobId, draft), effect);
}

function textOfJob(definition: JobDefinition): string {
  return `${JSON.stringify(definition, null, 2)}\n`;
}

/** What came back from the editor: a job becomes a form with its changes shown, anything else is said and kept. */
export function afterEditor(state: State, tag: string, text: string | undefined): Step {
  const jobId = jobOfJsonTag(tag);
  const draft = jobId === undefined ? undefined : state.form.drafts[jobId];
  if (jobId === undefined || draft === undefined || text === undefined) return step(state);
  if (draft.rejected === undefined && text === draft.text)
    return step(withNotice(throwAway(state, jobId), 'info', 'Nothing is changed.'));
  const read = readJob(text, draft.stored.definition);
  if ('rejected' in read)
    return step(openPanel(withDraft(state, jobId, { ...draft, text, ...read }), { is: 'rejected', jobId }));
  const fresh = editForm(jobId, draft.stored);
  // Others may have changed it while the editor was open.
  const followed = followJob(
    withTexts(fresh, textsOf(read.definition, jobId)),
    jobOf(state.home?.jobs ?? [], jobId),
  );
  const form = { ...followed, visited: [] };
  const without = throwAway(state, jobId);
  if (changedHere(form).length === 0) return step(withNotice(without, 'info', 'Nothing is changed.'));
  const opened = openForm(without, form);
  if (opened.state.form.open === form) return andThen(opened, review);
  const rejected = { message: 'it was not looked at yet: another form was open' };
  return andThen(opened, (next) => step(withDraft(next, jobId, { ...draft, text, rejected })));
}

function readJob(
  text: string,
  before: JobDefinition,
): { definition: JobDefinition } | Pick<Draft, 'rejected'> {
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
