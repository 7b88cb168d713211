import { confirmRules } from '../app/confirm-dialog.tsx';
import type { DialogRules } from '../app/define-feature.ts';
import { helpRules } from '../app/help-dialog.tsx';
import type { Dialog, DialogKind, State, Step } from '../app/model.ts';
import { paletteRules } from '../app/palette.ts';
import { activityRules } from '../features/activity/activity-dialog.tsx';
import { resultsRules } from '../features/batch/results-dialog.tsx';
import { tagsRules } from '../features/batch/tags-dialog.tsx';
import { newConfigRules } from '../features/config-editor/new-config-dialog.tsx';
import { formPanelRules } from '../features/job-form/panel-rules.ts';
import { sortRules } from '../features/jobs/sort-dialog.tsx';
import { schedulerRules } from '../features/scheduler/scheduler-dialog.tsx';
import { journalRules } from '../features/undo/journal-dialog.tsx';
import type { Input } from '../ui/input.ts';

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
