import { FORM_FIELDS, fieldAt, isFolded } from './fields.ts';
import type { FieldPath, Form, FormCheck, FormTexts, StoredJob } from './model.ts';
import { fieldPathsOf, newTexts, toFormTexts } from './texts.ts';

export const UNCHECKED: FormCheck = { asking: undefined, texts: undefined, problem: undefined, warnings: [] };

const BLANK = {
  ...{
    cursor: 0,
    unfolded: false,
    top: 0,
    visited: [],
    configs: undefined,
    check: UNCHECKED,
    otherChange: undefined,
  },
  ...{ conflicts: [], gone: undefined, storing: undefined, test: undefined },
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
export function applicableFields({ jobId, texts }: Form): readonly FieldPath[] {
  const schedule = fieldPathsOf('schedule', texts['schedule.type']);
  return FORM_FIELDS.map(({ path }) => path).filter((path) => {
    if (path === 'job_id') return jobId === undefined;
    return !path.startsWith('schedule.') || schedule.includes(path);
  });
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
