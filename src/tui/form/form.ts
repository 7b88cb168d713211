import type { DefinitionField, JobDefinition } from '../../core/model/definition.ts';
import type { TestRunOutcome } from '../configs/config-editor.ts';
import type { Author } from '../home/home-data.ts';
import { type FieldPath, FORM_FIELDS, fieldAt, isFolded } from './fields.ts';
import { type FormTexts, fieldPathsOf, newTexts, toFormTexts } from './form-texts.ts';

/** A job's definition as it is stored, with the revision that a change of it refers to. */
export interface StoredJob {
  definition: JobDefinition;
  revision: number;
}

/** The fields of a job while somebody fills them in. Plain data, never changed in place. */
export interface Form {
  /** The job that is edited; `undefined` for a new one. */
  jobId: string | undefined;
  /** The job as it is stored by what is known now; `undefined` for a new one. */
  base: StoredJob | undefined;
  /** What stands in the fields when nothing is changed. */
  stored: FormTexts;
  texts: FormTexts;
  /** The time zone of a schedule that says none. */
  zone: string;
  /** The field that has the keys; `more` is the line that unfolds the rest. */
  focus: FieldPath | 'more';
  /** Where the cursor is in the text of that field. */
  cursor: number;
  unfolded: boolean;
  /** The first row that is shown. */
  top: number;
  /** Fields that have been left or changed: what is wrong with others is not said yet. */
  visited: readonly FieldPath[];
  /** The configurations there are; `undefined` until that is known. */
  configs: readonly string[] | undefined;
  check: FormCheck;
  /** What somebody else last changed while the form was open. */
  otherChange: { by: Author; taken: readonly DefinitionField[] } | undefined;
  /** Fields that somebody else changed and that are changed here, too. */
  conflicts: readonly FieldConflict[];
  /** Why there is nothing any more that could be changed. */
  gone: { kind: 'deleted' } | { kind: 'unusable'; reason: string } | undefined;
  /** The tag of the call that stores it, until that is answered. */
  storing: string | undefined;
  test: FormTest | undefined;
}

/** A field that two people changed. What it is now in the store stands in the form's `base`. */
export interface FieldConflict {
  field: DefinitionField;
  by: Author;
  /** Its value before either did. */
  before: unknown;
}

export interface FormProblem {
  path: FieldPath;
  message: string;
  hint?: string;
}

/** What the operation says of the fields when it is asked to store nothing. */
export interface FormCheck {
  /** The texts that it was last asked of, and the tag under which the answer comes. */
  asking: { tag: string; texts: FormTexts } | undefined;
  /** The texts that the rest is about. */
  texts: FormTexts | undefined;
  problem: FormProblem | undefined;
  warnings: readonly string[];
}

/** A try of the configuration, looked after as long as it is shown (`watches`). */
export interface FormTest {
  id: number;
  configName: string;
  /** `undefined` while it goes on. */
  outcome: TestRunOutcome | undefined;
}

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

/** The form of a new job. @param zone counts until the settings' is known */
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

/** The fields that can be reached, in their order: those of the schedule's type, and what is folded only when unfolded. */
export function openFields(form: Form): readonly FieldPath[] {
  return applicableFields(form).filter((path) => form.unfolded || !isFolded(fieldAt(path).group));
}

/** The fields that the job has: a job that is stored keeps its id, and a schedule has the parts of its type. */
export function applicableFields({ jobId, texts }: Form): readonly FieldPath[] {
  const schedule = fieldPathsOf('schedule', texts['schedule.type']);
  return FORM_FIELDS.map(({ path }) => path).filter((path) => {
    if (path === 'job_id') return jobId === undefined;
    return !path.startsWith('schedule.') || schedule.includes(path);
  });
}

/** Where the keys can go: the fields, and the line that unfolds the rest. */
export function focusStops(form: Form): readonly Form['focus'][] {
  const fields = openFields(form);
  const more = fields.findIndex((path) => isFolded(fieldAt(path).group));
  return more < 0 ? [...fields, 'more'] : [...fields.slice(0, more), 'more', ...fields.slice(more)];
}

/** Goes to a field, with the cursor at its end; the one that is left has been visited. */
export function focusField(form: Form, focus: Form['focus']): Form {
  const left = form.focus;
  const visited = left === 'more' || form.visited.includes(left) ? form.visited : [...form.visited, left];
  const unfolded = form.unfolded || (focus !== 'more' && isFolded(fieldAt(focus).group));
  return { ...form, visited, unfolded, focus, cursor: focus === 'more' ? 0 : form.texts[focus].length };
}

/** Puts texts into fields; the focus stays on a field that there is. */
export function withTexts(form: Form, patch: Partial<FormTexts>, cursor?: number): Form {
  const texts: FormTexts = { ...form.texts, ...patch };
  const changed = (Object.keys(patch) as FieldPath[]).filter((path) => !form.visited.includes(path));
  const next = { ...form, texts, visited: [...form.visited, ...changed] };
  const focus =
    next.focus === 'more' || applicableFields(next).includes(next.focus) ? next.focus : 'schedule.type';
  const end = focus === 'more' ? 0 : texts[focus].length;
  return { ...next, focus, cursor: Math.min(cursor ?? end, end) };
}
