import { withNotice } from '../state/notices.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { nextTag, withForm } from './form-state.ts';
import { openPanel } from './panel.ts';

const ITEMS = 10;

/** Tries the form's configuration on its first page and shows what comes of it. Nothing is stored. */
export function testForm(state: State): Step {
  const form = state.form.open;
  const configName = form?.texts.config_name.trim() ?? '';
  if (form === undefined || configName === '')
    return step(withNotice(state, 'warning', 'Choose a configuration first.'));
  const [counted, tag] = nextTag(state, 'test');
  const testing = withForm(counted, { ...form, test: { tag, configName, outcome: undefined } });
  const params = { config_name: configName, sample_items: ITEMS };
  return step(openPanel(testing, { is: 'test', top: 0 }), {
    kind: 'call',
    name: 'test_config',
    params,
    tag,
    quiet: true,
  });
}
