import type { State } from '../state/state.ts';
import { EMPTY_LINE, toEditedLine } from '../text/edit-line.ts';
import type { FieldPath } from './fields.ts';
import { focusField } from './form.ts';
import { withForm } from './form-state.ts';
import { openPanel } from './panel.ts';
import { optionsFor, presetOptions } from './presets.ts';

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
