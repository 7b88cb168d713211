import type { State, Step } from '../../kernel/model.ts';
import { andThen, step } from '../../kernel/step.ts';
import { changedFields, createParams, updateParams } from './changes.ts';
import { nextTag, withForm } from './form-state.ts';
import { formWindow } from './form-window.ts';
import { problemsOf } from './problems.ts';

/**
 * The last step of every change of a form. The window follows the focus, and the operation validates the fields with
 * `dry_run`. Only one request is active at a time. If the fields changed before its answer, the next request follows.
 */
export function afterFormChange(before: Step): Step {
  return andThen(before, (state) => requestCheck(scrolled(state)));
}

function scrolled(state: State): State {
  const form = state.form.open;
  if (form === undefined) return state;
  const { top } = formWindow(state, form);
  return top === form.top ? state : withForm(state, { ...form, top });
}

function requestCheck(state: State): Step {
  const form = state.form.open;
  if (form === undefined || form.gone !== undefined || form.storing !== undefined) return step(state);
  const { check, texts } = form;
  if (check.asking !== undefined || check.texts === texts) return step(state);
  if (form.jobId !== undefined && changedFields(form).length === 0) return step(state);
  if (problemsOf(form).length > 0) return step(state);
  const [counted, tag] = nextTag(state, 'check');
  const asking = withForm(counted, { ...form, check: { ...check, asking: { tag, texts } } });
  const update = updateParams(form);
  if (update === undefined) {
    const params = { ...createParams(form), dry_run: true };
    return step(asking, { kind: 'call', name: 'create_job', params, tag, quiet: true });
  }
  // A conflict with another client's change is checked when the job is stored.
  const { if_revision: _, ...asked } = update;
  return step(asking, {
    kind: 'call',
    name: 'update_job',
    params: { ...asked, dry_run: true },
    tag,
    quiet: true,
  });
}
