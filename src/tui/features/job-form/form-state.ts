import type { State } from '../../kernel/model.ts';
import type { Form, JsonDraft } from './model.ts';

/** The tag of the call that reads the settings' default time zone for schedules. */
export const ZONE_TAG = 'form.zone';

/** The tag of a form's call. `serial` differs for each call, so that a late answer is recognized. */
function questionTag(what: 'check' | 'store' | 'reread' | 'restore', serial: number): string {
  return `form.${what}:${serial}`;
}

/** Whether an answer belongs to a form, open or closed. */
export function isFormTag(tag: string): boolean {
  return tag.startsWith('form.');
}

/** Whether the answer reports if a job was stored. */
export function isStoreTag(tag: string): boolean {
  return tag.startsWith('form.store:');
}

const JSON_TAG = 'form.json:';

/** The tag of a job's definition that is open in an editor as JSON. */
export function jsonTag(jobId: string): string {
  return `${JSON_TAG}${jobId}`;
}

/** The job whose JSON the editor returns under this tag. */
export function jobIdOfJsonTag(tag: string): string | undefined {
  return tag.startsWith(JSON_TAG) ? tag.slice(JSON_TAG.length) : undefined;
}

/** The tag of a job's file that is open in an editor. */
export function jobFileTag(jobId: string): string {
  return `form.file:${jobId}`;
}

/** The state with this form. */
export function withForm(state: State, open: Form | undefined): State {
  return state.form.open === open ? state : { ...state, form: { ...state.form, open } };
}

/** The state with an advanced counter, and a unique tag. */
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
