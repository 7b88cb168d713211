import type { State, Step } from '../../kernel/model.ts';
import { andThen, step } from '../../kernel/step.ts';
import { changedFields, createParams, updateParams } from './changes.ts';
import { nextTag, withForm } from './form-state.ts';
import { formWindow } from './form-window.ts';
import { problemsOf } from './problems.ts';

/**
 * What every change of a form ends with: its window follows the focus, and the operation is asked what it thinks of the
 * fields, storing nothing. One question at a time: when the answer comes and the fields have gone on, the next is asked.
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
  // Whether somebody changed the job meanwhile is asked when it is stored.
  const { if_revision: _, ...asked } = update;
  return step(asking, {
    kind: 'call',
    name: 'update_job',
    params: { ...asked, dry_run: true },
    tag,
    quiet: true,
  });
}
