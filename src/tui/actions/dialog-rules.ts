import { activityRules } from '../activity/activity-rules.ts';
import { resultsRules } from '../batch/batch-results.ts';
import { tagsRules } from '../batch/tags-rules.ts';
import { newConfigRules } from '../configs/new-config.ts';
import { formPanelRules } from '../form/panel-rules.ts';
import type { Input } from '../input/input.ts';
import { schedulerRules } from '../scheduler/scheduler-rules.ts';
import { confirmRules } from '../state/confirm-rules.ts';
import type { Dialog, DialogKind, DialogRules } from '../state/dialog.ts';
import type { State } from '../state/state.ts';
import type { Step } from '../state/step.ts';
import { journalRules } from '../undo/journal-rules.ts';
import { helpRules } from './help-rows.ts';
import { paletteRules } from './palette-rows.ts';
import { sortRules } from './sort-rules.ts';

/** How each dialog behaves. */
const DIALOG_RULES: { readonly [K in DialogKind]: DialogRules<K> } = {
  confirm: confirmRules,
  activity: activityRules,
  form: formPanelRules,
  help: helpRules,
  journal: journalRules,
  new_config: newConfigRules,
  palette: paletteRules,
  sort: sortRules,
  results: resultsRules,
  scheduler: schedulerRules,
  tags: tagsRules,
};

/** Gives an input to the dialog that is open. */
export function inputToDialog<K extends DialogKind>(
  state: State,
  dialog: Dialog & { kind: K },
  input: Input,
): Step {
  const rules = DIALOG_RULES[dialog.kind] as unknown as DialogRules<DialogKind>;
  return rules.onInput(state, dialog, input);
}
