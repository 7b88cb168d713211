import type { ParamDeclaration } from '../../../core/model/params.ts';
import type { State } from '../../kernel/model.ts';
import { closeDialog, openDialog } from '../../kernel/step.ts';
import { EMPTY_LINE, toEditedLine } from '../../ui/text/edit-line.ts';
import { optionsFor, presetOptions } from './field-choices.ts';
import { FORM_FIELDS, fieldAt, isFolded } from './fields.ts';
import { fieldPathsOf, newTexts, toFormTexts } from './form-values.ts';
import type { FieldPath, Form, FormCheck, FormPanel, FormTexts, JsonDraft, StoredJob } from './model.ts';

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
  return applicableFields(form).filter((path) => form.unfolded || !isFolded(fieldAt(path).group));
}

/**
 * The fields that apply to the job. The id of a stored job cannot be changed, and a schedule has the parts of its type.
 */
export function applicableFields(form: Form): readonly FieldPath[] {
  const { jobId, texts } = form;
  const schedule = fieldPathsOf('schedule', texts['schedule.type']);
  return FORM_FIELDS.map(({ path }) => path).filter((path) => {
    if (path === 'job_id') return jobId === undefined;
    if (path === 'params') return texts.params !== '' || declaredParams(form).length > 0;
    return !path.startsWith('schedule.') || schedule.includes(path);
  });
}

/** The parameters that the configuration in the form declares. */
export function declaredParams({ declared, texts }: Form): [string, ParamDeclaration][] {
  const { config_name: name } = texts;
  return Object.entries((Object.hasOwn(declared, name) && declared[name]) || {});
}

/** The focus positions: the fields, and the line that unfolds the rest. */
export function focusStops(form: Form): readonly Form['focus'][] {
  const fields = openFields(form);
  const more = fields.findIndex((path) => isFolded(fieldAt(path).group));
  return more < 0 ? [...fields, 'more'] : [...fields.slice(0, more), 'more', ...fields.slice(more)];
}

/** Moves the focus to a field, with the cursor at its end. The previous field counts as visited. */
export function focusField(form: Form, focus: Form['focus']): Form {
  const left = form.focus;
  const visited = left === 'more' || form.visited.includes(left) ? form.visited : [...form.visited, left];
  const unfolded = form.unfolded || (focus !== 'more' && isFolded(fieldAt(focus).group));
  return { ...form, visited, unfolded, focus, cursor: focus === 'more' ? 0 : form.texts[focus].length };
}

/** Sets texts of fields. The focus stays on a field that applies. */
export function withTexts(form: Form, patch: Partial<FormTexts>, cursor?: number): Form {
  const texts: FormTexts = { ...form.texts, ...patch };
  const changed = (Object.keys(patch) as FieldPath[]).filter((path) => !form.visited.includes(path));
  const next = { ...form, texts, visited: [...form.visited, ...changed] };
  const focus =
    next.focus === 'more' || applicableFields(next).includes(next.focus) ? next.focus : 'schedule.type';
  const end = focus === 'more' ? 0 : texts[focus].length;
  return { ...next, focus, cursor: Math.min(cursor ?? end, end) };
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
