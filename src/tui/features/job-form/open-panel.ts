import type { State } from '../../kernel/model.ts';
import { closeDialog, openDialog } from '../../kernel/navigation.ts';
import { EMPTY_LINE, toEditedLine } from '../../ui/text/edit-line.ts';
import { focusField } from './form.ts';
import { withForm } from './form-state.ts';
import type { FieldPath, FormPanel } from './model.ts';
import { optionsFor, presetOptions } from './presets.ts';

export function openPanel(state: State, panel: FormPanel): State {
  return openDialog(state, { kind: 'form', panel }).state;
}

export function closePanel(state: State): State {
  return state.dialog?.kind === 'form' ? closeDialog(state).state : state;
}

/** Shows what there is to choose for a field, at the value that it has; with a query, what fits that. */
export function openPick(state: State, path: FieldPath, query = ''): State {
  const form = state.form.open;
  if (form === undefined) return state;
  if (query !== '') return openPanel(state, { is: 'pick', path, query: toEditedLine(query), index: 0 });
  const text = form.texts[path] || (path === 'schedule.timezone' ? form.zone : '');
  const index = optionsFor(form, path).findIndex(({ patch }) => patch[path] === text);
  return openPanel(state, { is: 'pick', path, query: EMPTY_LINE, index: Math.max(0, index) });
}

/** Shows what there is to choose for the schedule, at the first of the common ones. */
export function openPresets(state: State): State {
  const form = state.form.open;
  if (form === undefined) return state;
  const path = 'schedule.type';
  const index = optionsFor(form, path).length - presetOptions().length;
  return openPanel(withForm(state, focusField(form, path)), { is: 'pick', path, query: EMPTY_LINE, index });
}
