import type { State } from '../../kernel/model.ts';
import type { Form, JsonDraft } from './model.ts';

/** Asks which time zone the settings give to a schedule without one. */
export const ZONE_TAG = 'form.zone';

/** The tag of a form's question; `serial` is another number for each, so that a late answer is known as one. */
function questionTag(what: 'check' | 'store' | 'reread' | 'restore', serial: number): string {
  return `form.${what}:${serial}`;
}

/** Whether an answer belongs to a form, one that is open or one that was. */
export function isFormTag(tag: string): boolean {
  return tag.startsWith('form.');
}

/** Whether it says if a job was stored. */
export function isStoreTag(tag: string): boolean {
  return tag.startsWith('form.store:');
}

const JSON_TAG = 'form.json:';

/** A job's definition is in an editor, as JSON. */
export function jsonTag(jobId: string): string {
  return `${JSON_TAG}${jobId}`;
}

/** The job whose JSON comes back from the editor with this tag. */
export function jobIdOfJsonTag(tag: string): string | undefined {
  return tag.startsWith(JSON_TAG) ? tag.slice(JSON_TAG.length) : undefined;
}

/** A job's file itself is in an editor. */
export function jobFileTag(jobId: string): string {
  return `form.file:${jobId}`;
}

/** The state with another form. */
export function withForm(state: State, open: Form | undefined): State {
  return state.form.open === open ? state : { ...state, form: { ...state.form, open } };
}

/** A tag that no other call of a form has. */
export function nextTag(state: State, what: Parameters<typeof questionTag>[0]): [State, string] {
  const calls = state.form.calls + 1;
  return [{ ...state, form: { ...state.form, calls } }, questionTag(what, calls)];
}

export function withJsonDraft(state: State, jobId: string, draft: JsonDraft | undefined): State {
  const { [jobId]: _, ...others } = state.form.drafts;
  return {
    ...state,
    form: { ...state.form, drafts: draft === undefined ? others : { ...others, [jobId]: draft } },
  };
}
