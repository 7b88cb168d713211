import { isRecord } from '../../../core/lib/json.ts';
import { withHint } from '../../../core/lib/text.ts';
import type { ParamValues } from '../../../core/model/params.ts';
import type { State, Step, Subscription } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { andThen, step } from '../../kernel/step.ts';
import type { TestRunOutcome } from '../config-editor/model.ts';
import { changedFields, createParams, unresolvedConflicts, updateParams } from './changes.ts';
import { closePanel, focusField, nextTag, openPanel, withForm } from './form.ts';
import { formWindow } from './form-rows.ts';
import { parseFormTexts } from './form-values.ts';
import type { Form } from './model.ts';
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

/** The reasons that prevent storing the form. */
type Obstacle = 'storing' | 'problem' | 'gone' | 'conflict' | 'nothing';

function findObstacle(form: Form): Obstacle | undefined {
  if (form.storing !== undefined) return 'storing';
  if (problemsOf(form).length > 0) return 'problem';
  if (form.gone !== undefined) return 'gone';
  if (unresolvedConflicts(form).length > 0) return 'conflict';
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
      return step(withNotice(state, 'info', 'It is being saved.'));
    case 'problem':
      return step(focusFirstProblem(closePanel(state), form));
    case 'gone':
      return step(openPanel(state, { is: 'gone' }));
    case 'conflict':
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

const ITEMS = 10;

/** Tests the form's configuration on its first page and shows the results. Nothing is stored. */
export function testForm(state: State): Step {
  const form = state.form.open;
  const configName = form?.texts.config_name.trim() ?? '';
  if (form === undefined || configName === '')
    return step(withNotice(state, 'warning', 'Choose a configuration first.'));
  const calls = state.form.calls + 1;
  const { params } = parseFormTexts(form.texts, form.base?.definition);
  // The id is negative, because the configuration editor's test runs count upwards.
  const open = {
    ...form,
    test: {
      id: -calls,
      configName,
      params: isRecord(params) ? (params as ParamValues) : {},
      outcome: undefined,
    },
  };
  return step(openPanel({ ...state, form: { ...state.form, calls, open } }, { is: 'test', top: 0 }));
}

/** The subscription for the active test run, while its panel is shown. */
export function formTestSubscriptions({ dialog, form: { open } }: State): readonly Subscription[] {
  const isShown = dialog?.kind === 'form' && dialog.panel.is === 'test';
  const test = open?.test;
  if (!isShown || test === undefined || test.outcome !== undefined) return [];
  const params = { config_name: test.configName, params: test.params, sample_items: ITEMS };
  return [{ kind: 'test_run', id: test.id, params }];
}

/** Records the outcome of a test run. */
export function onFormTestEnded(state: State, id: number, outcome: TestRunOutcome): State {
  const form = state.form.open;
  if (form?.test?.id !== id) return state;
  return withForm(state, { ...form, test: { ...form.test, outcome } });
}
