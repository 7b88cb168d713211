import type { State } from '../state/state.ts';
import type { Form, StoredJob } from './form.ts';
import { questionTag } from './form-tags.ts';

/** What the dashboard remembers of forms. */
export interface FormState {
  /** The form that is filled in. */
  open: Form | undefined;
  /** Jobs whose JSON is, or was last, in an editor without having become a form, by their id. */
  drafts: Readonly<Record<string, JsonDraft>>;
  /** How many calls have been made: each has a tag of its own, so that a late answer is known as one. */
  calls: number;
}

export interface JsonDraft {
  stored: StoredJob;
  /** What the editor is given, or gave back. */
  text: string;
  /** Why that is no job, and where. */
  rejected: { message: string; hint?: string; line?: number; column?: number } | undefined;
}

export const NO_FORM: FormState = { open: undefined, drafts: {}, calls: 0 };

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
