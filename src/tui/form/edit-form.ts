import { type Input, type KeyInput, keyOf } from '../input/input.ts';
import { isClick, wheelRows } from '../input/mouse.ts';
import { isInRect } from '../layout.ts';
import { clamp } from '../state/scroll.ts';
import type { State } from '../state/state.ts';
import { type Step, step } from '../state/step.ts';
import { EMPTY_LINE, editLine } from '../text/edit-line.ts';
import { afterFormChange } from './check-form.ts';
import { completeField } from './complete-field.ts';
import { type FieldPath, fieldAt } from './fields.ts';
import { type Form, focusField, focusStops, withTexts } from './form.ts';
import { knownTags } from './form-rows.ts';
import { withForm } from './form-state.ts';
import { formWindow } from './form-window.ts';
import { openPick } from './pick.ts';
import { withType } from './schedule-parts.ts';
import { leaveForm } from './store-form.ts';

/** What an input does to the form; what is no text and means nothing here is left to the table of actions. */
export function inputToForm(shown: State, input: Input): Step | undefined {
  // The keys are the fields', whatever pane somebody looks at.
  const state: State = shown.pane === 'side' ? { ...shown, pane: 'main' } : shown;
  const form = state.form.open;
  if (form === undefined) return undefined;
  // What was sent stays what is shown until it is answered.
  if (form.storing !== undefined)
    return keyOf(input) === 'escape' ? afterFormChange(leaveForm(state)) : step(state);
  if (input.kind === 'mouse') return afterFormChange(mouse(state, form, input));
  const next = input.kind === 'paste' ? withTypedText(state, form, input) : onKey(state, form, input);
  return next && afterFormChange(next);
}

function onKey(state: State, form: Form, input: KeyInput): Step | undefined {
  const { key } = input;
  if (key === 'escape') return leaveForm(state);
  const stop = nextStop(form, key);
  if (stop !== undefined) return step(withForm(state, focusField(form, stop)));
  if (form.focus === 'more') return toggleUnfolded(state, form, input);
  const { kind } = fieldAt(form.focus);
  if (kind.is === 'choice') return onChoice(state, form, form.focus, input);
  if (key === 'enter') {
    if (kind.is === 'pick') return step(openPick(state, form.focus));
    return step(withForm(state, focusField(form, moveChoice(form, 1))));
  }
  return withTypedText(state, form, input);
}

/** Where a key goes that moves between fields; `undefined` for another one. */
function nextStop(form: Form, key: string): Form['focus'] | undefined {
  const stops = focusStops(form);
  switch (key) {
    case 'tab':
    case 'down':
      return moveChoice(form, 1);
    case 'shift+tab':
    case 'up':
      return moveChoice(form, -1);
    case 'ctrl+home':
      return stops[0];
    case 'ctrl+end':
      return stops.at(-1);
    case 'pagedown':
      return moveChoice(form, 8);
    case 'pageup':
      return moveChoice(form, -8);
    default:
      return undefined;
  }
}

function moveChoice(form: Form, by: number): Form['focus'] {
  const stops = focusStops(form);
  const index = clamp(stops.indexOf(form.focus) + by, 0, stops.length - 1);
  return stops[index] ?? form.focus;
}

function toggleUnfolded(state: State, form: Form, { key, text }: KeyInput): Step | undefined {
  if (key === 'enter' || key === 'space' || key === 'right' || key === 'left') {
    const unfolded = key === 'right' || (key !== 'left' && !form.unfolded);
    return step(withForm(state, { ...form, unfolded }));
  }
  return isCommandKey(key) || text === '' ? undefined : step(state);
}

/** Left, right and space go through a few values; Enter or a letter shows them all. */
function onChoice(state: State, form: Form, path: FieldPath, { key, text }: KeyInput): Step | undefined {
  const { kind } = fieldAt(path);
  const choices = kind.is === 'choice' ? kind.choices : [];
  if (key === 'enter') return step(openPick(state, path));
  const by = key === 'left' ? -1 : key === 'right' || key === 'space' ? 1 : 0;
  if (by === 0) {
    if (isCommandKey(key) || text === '') return undefined;
    return step(openPick(state, path, text));
  }
  const at = choices.findIndex(({ value }) => value === form.texts[path]);
  const value = choices[(at + by + choices.length) % choices.length]?.value ?? '';
  return step(withForm(state, withChoice(form, path, value, state.now)));
}

/** Where no text is written, these mean what they mean everywhere. */
function isCommandKey(key: string): boolean {
  return key === ':' || key === '?';
}

export function withChoice(form: Form, path: FieldPath, value: string, now: number): Form {
  return path === 'schedule.type' ? withType(form, value, now) : withTexts(form, { [path]: value });
}

function withTypedText(state: State, form: Form, input: Input): Step | undefined {
  const { focus, cursor } = form;
  if (focus === 'more') return step(state);
  if (fieldAt(focus).kind.is === 'choice')
    return input.kind === 'paste'
      ? step(openPick(state, focus, editLine(EMPTY_LINE, input)?.text.trim() ?? ''))
      : undefined;
  const text = form.texts[focus];
  if (keyOf(input) === 'right' && cursor === text.length) {
    const [completion] = completeField(form, focus, () => knownTags(state));
    return step(completion === undefined ? state : withForm(state, withTexts(form, { [focus]: completion })));
  }
  const withEditedText = editLine({ text, cursor }, input);
  if (withEditedText === undefined) return undefined;
  if (withEditedText.text === text) return step(withForm(state, { ...form, cursor: withEditedText.cursor }));
  return step(withForm(state, withTexts(form, { [focus]: withEditedText.text }, withEditedText.cursor)));
}

function mouse(state: State, form: Form, input: Input & { kind: 'mouse' }): Step {
  const by = wheelRows(input);
  if (by !== 0) return step(withForm(state, focusField(form, moveChoice(form, by))));
  if (!isClick(input)) return step(state);
  const { rect, rows, top } = formWindow(state, form);
  const row = isInRect(rect, input) ? rows[top + input.row - rect.row] : undefined;
  if (row?.kind === 'more')
    return step(withForm(state, focusField({ ...form, unfolded: !form.unfolded }, 'more')));
  return step(row?.kind === 'field' ? withForm(state, focusField(form, row.path)) : state);
}
