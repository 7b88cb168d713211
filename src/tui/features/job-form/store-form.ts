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

/** The reasons that prevent storing the form. */
type Obstacle = 'storing' | 'problem' | 'gone' | 'clash' | 'nothing';

function findObstacle(form: Form): Obstacle | undefined {
  if (form.storing !== undefined) return 'storing';
  if (problemsOf(form).length > 0) return 'problem';
  if (form.gone !== undefined) return 'gone';
  if (unresolvedConflicts(form).length > 0) return 'clash';
  return form.jobId !== undefined && changedFields(form).length === 0 ? 'nothing' : undefined;
}

/** The next step towards storing: shows problems, then conflicts, then the changes to review. */
export function reviewForm(state: State): Step {
  return continueToStore(state, (open) => step(openPanel(open, { is: 'review', top: 0 })));
}

/** Stores the reviewed changes, unless a new obstacle has appeared. */
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

/** Moves the focus to the first field with a problem. From then on all problems are shown. */
function focusFirstProblem(state: State, form: Form): State {
  const problems = problemsOf(form);
  const [first] = problems;
  if (first === undefined) return state;
  const visited = [...new Set([...form.visited, ...problems.map(({ path }) => path)])];
  const text = withHint(first.message, first.hint);
  return withNotice(withForm(state, focusField({ ...form, visited }, first.path)), 'bad', text);
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
