import type { State } from '../../kernel/model.ts';
import { closeDialog, openDialog } from '../../kernel/step.ts';
import { EMPTY_LINE, toEditedLine } from '../../ui/text/edit-line.ts';
import { optionsFor, presetOptions } from './field-choices.ts';
import { definitionFieldOf, FORM_FIELDS, isFolded } from './fields.ts';
import { fieldPathsOf, newTexts, toFormTexts } from './form-values.ts';
import type { FieldPath, Form, FormCheck, FormPanel, FormPatch, JsonDraft, StoredJob } from './model.ts';
import { fieldAt, paramPaths } from './param-fields.ts';
import { isParamPath, textAt, withPatch } from './param-texts.ts';

export const UNCHECKED: FormCheck = { asking: undefined, texts: undefined, problem: undefined, warnings: [] };

const BLANK = {
  cursor: 0,
  unfolded: false,
  top: 0,
  visited: [],
  configs: undefined,
  declared: {},
  check: UNCHECKED,
  otherChange: undefined,
  conflicts: [],
  gone: undefined,
  storing: undefined,
  held: [],
  test: undefined,
};

/**
 * The form of a new job.
 * @param zone used until the zone of the settings is known
 */
export function newForm(zone: string, configName = ''): Form {
  const texts = newTexts(configName);
  return { ...BLANK, jobId: undefined, base: undefined, stored: texts, texts, zone, focus: 'config_name' };
}

export function editForm(jobId: string, base: StoredJob): Form {
  const texts = toFormTexts(base.definition, jobId);
  const zone = base.definition.schedule.timezone;
  const cursor = base.definition.config_name.length;
  return { ...BLANK, jobId, base, stored: texts, texts, zone, focus: 'config_name', cursor };
}

/** The reachable fields, in order: the fields of the schedule's type, and folded fields only when they are unfolded. */
export function openFields(form: Form): readonly FieldPath[] {
  return applicableFields(form).filter((path) => form.unfolded || !isFoldedField(form, path));
}

function isFoldedField(form: Form, path: FieldPath): boolean {
  return !isParamPath(path) && isFolded(fieldAt(form, path).group);
}

/**
 * The fields that apply to the job. The id of a stored job cannot be changed, a schedule has the parts of its type, and
 * parameters are those of the configuration.
 */
export function applicableFields(form: Form): readonly FieldPath[] {
  const { jobId, texts } = form;
  const schedule: readonly FieldPath[] = fieldPathsOf('schedule', texts['schedule.type']);
  return FORM_FIELDS.flatMap(({ path }): readonly FieldPath[] => {
    if (path === 'params') return paramPaths(form);
    if (path === 'job_id') return jobId === undefined ? [path] : [];
    return !path.startsWith('schedule.') || schedule.includes(path) ? [path] : [];
  });
}

/** The focus positions: the fields, and the line that unfolds the rest. */
export function focusStops(form: Form): readonly Form['focus'][] {
  const fields = openFields(form);
  const more = fields.findIndex((path) => isFoldedField(form, path));
  return more < 0 ? [...fields, 'more'] : [...fields.slice(0, more), 'more', ...fields.slice(more)];
}

/** Moves the focus to a field, with the cursor at its end. The previous field counts as visited. */
export function focusField(form: Form, focus: Form['focus']): Form {
  const left = form.focus;
  const visited = left === 'more' || form.visited.includes(left) ? form.visited : [...form.visited, left];
  const unfolded = form.unfolded || (focus !== 'more' && isFoldedField(form, focus));
  return withCursorAtEnd({ ...form, visited, unfolded, focus });
}

function withCursorAtEnd(form: Form): Form {
  return { ...form, cursor: focusedText(form).length };
}

/** The text of the field with the focus. */
function focusedText({ focus, texts }: Form): string {
  return focus === 'more' ? '' : textAt(texts, focus);
}

/** Sets texts of fields. The focus stays on a field that applies. */
export function withTexts(form: Form, patch: FormPatch, cursor?: number): Form {
  const texts = withPatch(form.texts, patch);
  const changed = (Object.keys(patch) as FieldPath[]).filter((path) => !form.visited.includes(path));
  const next = { ...form, texts, visited: [...form.visited, ...changed] };
  return refocused(cursor === undefined ? withCursorAtEnd(next) : { ...next, cursor }, form);
}

/**
 * A changed form with the focus on one of its fields, and the cursor within its text. Where the field with the focus is
 * gone, the focus goes to the one in its place, if possible of the same field of the definition.
 */
export function refocused(form: Form, before: Form): Form {
  const stops = focusStops(form);
  if (stops.includes(form.focus)) return { ...form, cursor: Math.min(form.cursor, focusedText(form).length) };
  const isAlike = (stop: Form['focus']) => hasSameDefinitionField(stop, form.focus);
  const [from, to] = stops.some(isAlike)
    ? [focusStops(before).filter(isAlike), stops.filter(isAlike)]
    : [focusStops(before), stops];
  const place = Math.min(from.indexOf(form.focus), to.length - 1);
  return withCursorAtEnd({ ...form, focus: to[Math.max(0, place)] ?? 'config_name' });
}

function hasSameDefinitionField(one: Form['focus'], other: Form['focus']): boolean {
  return one !== 'more' && other !== 'more' && definitionFieldOf(one) === definitionFieldOf(other);
}

/** The tag of a form's call. `serial` differs for each call, so that a late answer is recognized. */
function questionTag(what: 'check' | 'store' | 'reread' | 'restore', serial: number): string {
  return `form.${what}:${serial}`;
}

/** Whether an answer belongs to a form, open or closed. */
export function isFormTag(tag: string): boolean {
  return tag.startsWith('form.');
}

/** Whether the answer reports if a job was stored. */
export function isStoreTag(tag: string): boolean {
  return tag.startsWith('form.store:');
}

const JSON_TAG = 'form.json:';

/** The tag of a job's definition that is open in an editor as JSON. */
export function jsonTag(jobId: string): string {
  return `${JSON_TAG}${jobId}`;
}

/** The job whose JSON the editor returns under this tag. */
export function jobIdOfJsonTag(tag: string): string | undefined {
  return tag.startsWith(JSON_TAG) ? tag.slice(JSON_TAG.length) : undefined;
}

/** The tag of a job's file that is open in an editor. */
export function jobFileTag(jobId: string): string {
  return `form.file:${jobId}`;
}

/** The state with this form. */
export function withForm(state: State, open: Form | undefined): State {
  return state.form.open === open ? state : { ...state, form: { ...state.form, open } };
}

/** The state with an advanced counter, and a unique tag. */
export function nextTag(state: State, what: Parameters<typeof questionTag>[0]): [State, string] {
  const calls = state.form.calls + 1;
  return [{ ...state, form: { ...state.form, calls } }, questionTag(what, calls)];
}

export function withJsonDraft(state: State, jobId: string, draft: JsonDraft | undefined): State {
  const { [jobId]: _, ...others } = state.form.drafts;
  return {
    ...state,
    form: { ...state.form, drafts: draft === undefined ? others : { ...others, [jobId]: draft } },
  };
}

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
  const text = textAt(form.texts, path) || (path === 'schedule.timezone' ? form.zone : '');
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
