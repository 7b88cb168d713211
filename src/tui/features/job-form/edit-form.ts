import { DAY_MS } from '../../../core/lib/clock.ts';
import { wallMs } from '../../../core/schedule/engine/instant.ts';
import type { State, Step } from '../../kernel/model.ts';
import { step } from '../../kernel/step.ts';
import { type Input, isClick, type KeyInput, keyOf, wheelRows } from '../../ui/input.ts';
import { isInRect } from '../../ui/layout.ts';
import { clamp } from '../../ui/scroll.ts';
import { EMPTY_LINE, editLine } from '../../ui/text/edit-line.ts';
import { withHeldKey } from '../jobs/await-job.ts';
import { completeField } from './field-choices.ts';
import { focusField, focusStops, openPick, withForm, withTexts } from './form.ts';
import { afterFormChange } from './form-calls.ts';
import { formWindow, knownTags } from './form-rows.ts';
import type { FieldPath, Form, FormTexts } from './model.ts';
import { leaveForm } from './open-form.ts';
import { fieldAt } from './param-fields.ts';
import { textAt } from './param-texts.ts';

const TIME = /^(\d{1,2}):(\d{2})$/;

/**
 * Changes the type of the schedule. A cron expression that is still unset comes from the old type; an unset date
 * becomes tomorrow.
 */
function withType(form: Form, type: string, now: number): Form {
  const { texts } = form;
  const patch: { -readonly [K in keyof FormTexts]?: string } = { 'schedule.type': type };
  if (type === 'custom' && texts['schedule.cron_expression'].trim() === '') {
    const cron = asCron(texts);
    if (cron !== undefined) patch['schedule.cron_expression'] = cron;
  }
  if (type === 'once' && texts['schedule.date'].trim() === '') patch['schedule.date'] = tomorrow(form, now);
  return withTexts(form, patch);
}

/**
 * The cron expression that equals the form's schedule; `undefined` when there is none or the schedule is incomplete.
 */
function asCron(texts: FormTexts): string | undefined {
  const [, hour, minute] = TIME.exec(texts['schedule.time'].trim()) ?? [];
  const time = hour === undefined ? undefined : `${Number(minute)} ${Number(hour)}`;
  const type = texts['schedule.type'];
  if (type === 'hourly') return `${texts['schedule.minute'].trim() || '0'} * * * *`;
  if (time === undefined) return undefined;
  if (type === 'daily') return `${time} * * *`;
  // Cron counts from Sunday, a weekly schedule from Monday.
  if (type === 'weekly') return `${time} * * ${(Number(texts['schedule.day_of_week']) + 1) % 7}`;
  const day = texts['schedule.day_of_month'].trim() || '1';
  // In a shorter month, a monthly schedule takes the last day, and cron takes none.
  return type === 'monthly' && Number(day) <= 28 ? `${time} ${day} * *` : undefined;
}

function tomorrow({ zone }: Form, now: number): string {
  return new Date(wallMs(now, zone) + DAY_MS).toISOString().slice(0, 10);
}

/** The step for an input in the form. Keys that are not text and have no meaning here are left to the actions. */
export function inputToForm(shown: State, input: Input): Step | undefined {
  // Keys go to the fields, whichever pane is in sight.
  const state: State = shown.pane === 'side' ? { ...shown, pane: 'main' } : shown;
  const form = state.form.open;
  if (form === undefined) return undefined;
  // While the form is being stored, its fields stay unchanged until the answer arrives.
  if (form.storing !== undefined) {
    if (keyOf(input) === 'escape') return afterFormChange(leaveForm(state));
    if (form.jobId !== undefined || input.kind !== 'key') return step(state);
    return step(withForm(state, { ...form, held: withHeldKey(form.held, input) }));
  }
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
  const { kind } = fieldAt(form, form.focus);
  if (kind.is === 'choice') return onChoice(state, form, form.focus, input);
  if (key === 'enter') {
    if (kind.is === 'pick') return step(openPick(state, form.focus));
    return step(withForm(state, focusField(form, moveChoice(form, 1))));
  }
  return withTypedText(state, form, input);
}

/** The target of a key that moves between fields; `undefined` for other keys. */
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

/** On a choice, left, right and space go through its values; Enter or a letter lists them. */
function onChoice(state: State, form: Form, path: FieldPath, { key, text }: KeyInput): Step | undefined {
  const { kind } = fieldAt(form, path);
  const choices = kind.is === 'choice' ? kind.choices : [];
  if (key === 'enter') return step(openPick(state, path));
  const by = key === 'left' ? -1 : key === 'right' || key === 'space' ? 1 : 0;
  if (by === 0) {
    if (isCommandKey(key) || text === '') return undefined;
    return step(openPick(state, path, text));
  }
  const current = textAt(form.texts, path);
  const found = choices.findIndex(({ value }) => value === current);
  // A text that is none of them comes before the first and after the last.
  const at = found < 0 && by < 0 ? 0 : found;
  const value = choices[(at + by + choices.length) % choices.length]?.value ?? '';
  return step(withForm(state, withChoice(form, path, value, state.now)));
}

/** Outside text fields, these keys have their usual meaning. */
function isCommandKey(key: string): boolean {
  return key === ':' || key === '?';
}

export function withChoice(form: Form, path: FieldPath, value: string, now: number): Form {
  return path === 'schedule.type' ? withType(form, value, now) : withTexts(form, { [path]: value });
}

function withTypedText(state: State, form: Form, input: Input): Step | undefined {
  const { focus, cursor } = form;
  if (focus === 'more') return step(state);
  if (fieldAt(form, focus).kind.is === 'choice')
    return input.kind === 'paste'
      ? step(openPick(state, focus, editLine(EMPTY_LINE, input)?.text.trim() ?? ''))
      : undefined;
  const text = textAt(form.texts, focus);
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
