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

/** Lists the choices for a field, at its current value. A query filters them. */
export function openPick(state: State, path: FieldPath, query = ''): State {
  const form = state.form.open;
  if (form === undefined) return state;
  if (query !== '') return openPanel(state, { is: 'pick', path, query: toEditedLine(query), index: 0 });
  const text = form.texts[path] || (path === 'schedule.timezone' ? form.zone : '');
  const index = optionsFor(form, path).findIndex(({ patch }) => patch[path] === text);
  return openPanel(state, { is: 'pick', path, query: EMPTY_LINE, index: Math.max(0, index) });
}

/** Lists the common schedules, at the first one. */
export function openPresets(state: State): State {
  const form = state.form.open;
  if (form === undefined) return state;
  const path = 'schedule.type';
  const index = optionsFor(form, path).length - presetOptions().length;
  return openPanel(withForm(state, focusField(form, path)), { is: 'pick', path, query: EMPTY_LINE, index });
}
