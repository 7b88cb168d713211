import type { State, Step } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import { withHint } from '../../ui/text/sentence.ts';
import { changedFields, createParams, isDirty, updateParams } from './changes.ts';
import { focusField } from './form.ts';
import { nextTag, withForm } from './form-state.ts';
import type { Form } from './model.ts';
import { closePanel, openPanel } from './open-panel.ts';
import { problemsOf } from './problems.ts';
import { unresolvedConflicts } from './rebase-form.ts';

/** Whether the form can be stored now, and what is in the way if not. */
type Obstacle = 'storing' | 'problem' | 'gone' | 'clash' | 'nothing';

function findObstacle(form: Form): Obstacle | undefined {
  if (form.storing !== undefined) return 'storing';
  if (problemsOf(form).length > 0) return 'problem';
  if (form.gone !== undefined) return 'gone';
  if (unresolvedConflicts(form).length > 0) return 'clash';
  return form.jobId !== undefined && changedFields(form).length === 0 ? 'nothing' : undefined;
}

/** Goes on towards storing: shows what is wrong, what is to be decided, or else what would change. */
export function reviewForm(state: State): Step {
  return continueToStore(state, (open) => step(openPanel(open, { is: 'review', top: 0 })));
}

/** Stores what the review has shown, unless something has come in the way since. */
export function storeForm(state: State): Step {
  return continueToStore(state, (open, form) => {
    const [counted, tag] = nextTag(closePanel(open), 'store');
    const storing = withForm(counted, { ...form, storing: tag });
    const update = updateParams(form);
    if (update === undefined) {
      const params = createParams(form);
      return step(storing, { kind: 'call', name: 'create_job', params, tag, quiet: true });
    }
    return step(storing, { kind: 'call', name: 'update_job', params: update, tag, quiet: true });
  });
}

function continueToStore(state: State, ready: (state: State, form: Form) => Step): Step {
  const form = state.form.open;
  if (form === undefined) return step(state);
  switch (findObstacle(form)) {
    case 'storing':
      return step(withNotice(state, 'info', 'It is being stored.'));
    case 'problem':
      return step(focusFirstProblem(closePanel(state), form));
    case 'gone':
      return step(openPanel(state, { is: 'gone' }));
    case 'clash':
      return step(openPanel(state, { is: 'merge', index: 0, theirs: [] }));
    case 'nothing':
      return step(withNotice(closePanel(state), 'info', 'Nothing is changed.'));
    default:
      return ready(state, form);
  }
}

/** Goes to the first field with something wrong; from now on all that is wrong is said. */
function focusFirstProblem(state: State, form: Form): State {
  const problems = problemsOf(form);
  const [first] = problems;
  if (first === undefined) return state;
  const visited = [...new Set([...form.visited, ...problems.map(({ path }) => path)])];
  const text = withHint(first.message, first.hint);
  return withNotice(withForm(state, focusField({ ...form, visited }, first.path)), 'bad', text);
}

/** Leaves the form, or asks when something would be lost. */
export function leaveForm(state: State): Step {
  const form = state.form.open;
  if (form !== undefined && isDirty(form)) return step(openPanel(state, { is: 'leave' }));
  return step(closeForm(state));
}

/** Closes the form wherever it lies among the views. */
export function closeForm(state: State): State {
  const views = state.views.filter(({ name }) => name !== 'form');
  const closed = closePanel(withForm(state, undefined));
  // Below the form lies the view that it was opened from.
  return views.length === 0 || views.length === state.views.length
    ? closed
    : { ...closed, views, pane: 'main' };
}
