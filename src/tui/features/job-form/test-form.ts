import type { State, Step, Subscription } from '../../kernel/model.ts';
import { withNotice } from '../../kernel/notices.ts';
import { step } from '../../kernel/step.ts';
import type { TestRunOutcome } from '../config-editor/model.ts';
import { withForm } from './form-state.ts';
import { openPanel } from './open-panel.ts';

const ITEMS = 10;

/** Tests the form's configuration on its first page and shows the results. Nothing is stored. */
export function testForm(state: State): Step {
  const form = state.form.open;
  const configName = form?.texts.config_name.trim() ?? '';
  if (form === undefined || configName === '')
    return step(withNotice(state, 'warning', 'Choose a configuration first.'));
  const calls = state.form.calls + 1;
  // The id is negative, because the configuration editor's test runs count upwards.
  const open = { ...form, test: { id: -calls, configName, outcome: undefined } };
  return step(openPanel({ ...state, form: { ...state.form, calls, open } }, { is: 'test', top: 0 }));
}

/** The subscription for the active test run, while its panel is shown. */
export function formTestSubscriptions({ dialog, form: { open } }: State): readonly Subscription[] {
  const isShown = dialog?.kind === 'form' && dialog.panel.is === 'test';
  const test = open?.test;
  if (!isShown || test === undefined || test.outcome !== undefined) return [];
  const params = { config_name: test.configName, sample_items: ITEMS };
  return [{ kind: 'trial', id: test.id, params }];
}

/** Records the outcome of a test run. */
export function onFormTestEnded(state: State, id: number, outcome: TestRunOutcome): State {
  const form = state.form.open;
  if (form?.test?.id !== id) return state;
  return withForm(state, { ...form, test: { ...form.test, outcome } });
}
