import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../../core/lib/json.ts';
import {
  DEFINITION_FIELDS,
  type DefinitionField,
  type JobDefinition,
} from '../../../core/model/definition.ts';
import { readNotify } from '../../../core/model/notify.ts';
import { formatNotify } from '../../../core/model/notify-events.ts';
import { formatParams, type ParamValues } from '../../../core/model/params.ts';
import type { OperationInput } from '../../../core/operations/call-operation.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import type { Author } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import { definitionFieldOf, FORM_FIELDS } from './fields.ts';
import { refocused, UNCHECKED } from './form.ts';
import { isFieldChanged, newTexts, parseFormTexts, toFormTexts } from './form-values.ts';
import type { FieldConflict, Form, FormTexts, StoredJob } from './model.ts';
import { mergeParams } from './param-texts.ts';

/** A field in the review, with its old and its new value. */
interface FieldDiff {
  field: string;
  /** `undefined` for a new job. */
  before: string | undefined;
  after: string;
}

/** The fields that differ from the stored job. */
export function changedFields(form: Form): readonly DefinitionField[] {
  return DEFINITION_FIELDS.filter((field) => isFieldChanged(form.texts, form.stored, field));
}

/** Whether leaving the form would lose changes. */
export function isDirty(form: Form): boolean {
  return changedFields(form).length > 0 || form.texts.job_id !== form.stored.job_id;
}

/** The parameters to store an existing job. */
export function updateParams(form: Form): OperationInput<'update_job'> | undefined {
  const { jobId, base, texts } = form;
  if (jobId === undefined || base === undefined) return undefined;
  const fields = parseFormTexts(texts, base.definition);
  const changes = Object.fromEntries(
    changedFields(form).flatMap((field) => (field in fields ? [[field, fields[field]]] : [])),
  );
  return { job_id: jobId, changes, if_revision: base.revision };
}

/** The parameters to create a job. Empty fields are left out, so that settings and defaults apply. */
export function createParams({ texts }: Form): OperationInput<'create_job'> {
  const jobId = texts.job_id.trim();
  // The cast is safe: the form's own check has passed, and the operation validates the values again.
  const fields = parseFormTexts(texts, undefined) as OperationInput<'create_job'>;
  return { ...fields, ...(jobId !== '' && { job_id: jobId }) };
}

/** The changes that storing would make: the changed fields of a stored job, or all non-default fields of a new one. */
export function formDiff(form: Form): readonly FieldDiff[] {
  const { jobId, base, texts, zone } = form;
  const fields = parseFormTexts(texts, base?.definition);
  const after = (field: DefinitionField) => formatFieldValue(field, fields[field] ?? null, zone);
  if (base !== undefined) {
    return changedFields(form).flatMap((field) => {
      if (field === 'params') return paramDiff(base.definition.params, fields[field]);
      const lines = { before: formatFieldValue(field, base.definition[field], zone), after: after(field) };
      // A schedule may have the same description and be written differently.
      if (lines.before !== lines.after) return { field, ...lines };
      return { field, before: asJson(base.definition[field]), after: asJson(fields[field]) };
    });
  }
  const blank = newTexts('');
  const stated = DEFINITION_FIELDS.filter(
    (field) => field === 'config_name' || field === 'schedule' || isFieldChanged(texts, blank, field),
  );
  const id = jobId ?? texts.job_id.trim();
  return [
    { field: 'id', before: undefined, after: id === '' ? 'made from the configuration' : id },
    ...stated.map((field) => ({ field, before: undefined, after: after(field) })),
  ];
}

/** The parameters whose value is another, a line each: `city=berlin`, then `city=porto`. */
function paramDiff(before: unknown, after: unknown): FieldDiff[] {
  const [old, now] = [before, after].map((values) => (isRecord(values) ? values : {})) as [
    ParamValues,
    ParamValues,
  ];
  const line = (values: ParamValues, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return formatFieldValue('params', value === undefined ? null : { [name]: value }, '');
  };
  return Object.keys({ ...old, ...now })
    .map((name) => ({ field: 'params', before: line(old, name), after: line(now, name) }))
    .filter((diff) => diff.before !== diff.after);
}

/** A field's value, formatted for display. */
export function formatFieldValue(field: DefinitionField, value: unknown, zone: string): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) {
    return 'none';
  }
  if (field === 'params' && isRecord(value)) return formatParams(value as ParamValues);
  const notify = field === 'notify' ? readNotify(value) : null;
  if (notify !== null) return formatNotify(notify);
  if (field === 'schedule') {
    try {
      return JobSchedule.fromDict({ timezone: zone, ...(value as object) }).describe();
    } catch {
      return asJson(value);
    }
  }
  if (field === 'enabled') return value === true ? 'yes' : 'no';
  if ((field === 'tags' || field === 'worker') && Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : asJson(value);
}

function asJson(value: unknown): string {
  return JSON.stringify(value);
}

/**
 * The form after an update of its job in the home. It includes changes by other clients and keeps the user's own
 * changes.
 */
export function rebaseForm(form: Form, row: JobRow | undefined): Form {
  // During storing, the answer updates the form.
  if (form.jobId === undefined || form.storing !== undefined) return form;
  if (row === undefined) return form.gone?.kind === 'deleted' ? form : { ...form, gone: { kind: 'deleted' } };
  if (row.definition === null) {
    const reason = row.error ?? 'Its file cannot be used.';
    return form.gone?.kind === 'unusable' && form.gone.reason === reason
      ? form
      : { ...form, gone: { kind: 'unusable', reason } };
  }
  const found = { definition: row.definition, revision: row.revision };
  // The home may be older than the last answer. A job that was gone may return with a lower revision.
  if (form.gone === undefined && form.base !== undefined && row.revision <= form.base.revision) return form;
  return mergeStoredJob(form, found, row.updatedBy);
}

/**
 * The form on top of a newer version of its job. Fields without changes here take the new values, and so do parameters,
 * each by itself. A field that was changed here to another value becomes a conflict: its text stays until the user
 * decides.
 */
export function mergeStoredJob(form: Form, now: StoredJob, by: Author): Form {
  const { base, stored: before, texts: mine } = form;
  if (base === undefined) return form;
  const theirs = toFormTexts(now.definition, form.jobId);
  const changed = DEFINITION_FIELDS.filter(
    (field) => !isDeepStrictEqual(base.definition[field], now.definition[field]),
  );
  const params = mergeParams(mine, before, theirs);
  const isContested = (field: DefinitionField) =>
    isFieldChanged(mine, before, field) && (field !== 'params' || params.isContested);
  const takenFields = changed.filter((field) => !isContested(field));
  const taken = takenFields.length === 0 ? mine : copied(mine, theirs, takenFields);
  const texts = changed.includes('params') ? { ...taken, params: params.text } : taken;
  const contested = changed.filter(
    (field) => isContested(field) || form.conflicts.some((conflict) => conflict.field === field),
  );
  const conflicts = conflictsAfter({ ...form, texts }, now, { theirs, changed, contested, by });
  const otherChange = changed.length === 0 ? form.otherChange : { by, taken: takenFields };
  const merged = { ...form, base: now, stored: theirs, texts, conflicts, otherChange, gone: undefined };
  return refocused(merged, form);
}

function conflictsAfter(
  { base, stored: before, texts: mine, conflicts }: Form,
  now: StoredJob,
  {
    theirs,
    changed,
    contested,
    by,
  }: {
    theirs: FormTexts;
    changed: readonly DefinitionField[];
    contested: readonly DefinitionField[];
    by: Author;
  },
): readonly FieldConflict[] {
  const remaining = conflicts.filter(({ field }) => !changed.includes(field));
  const fresh = contested
    .filter((field) => isFieldChanged(mine, before, field) && isFieldChanged(mine, theirs, field))
    .map((field): FieldConflict => {
      const earlier = conflicts.find((conflict) => conflict.field === field);
      return { field, by, before: earlier === undefined ? base?.definition[field] : earlier.before };
    })
    // The stored value returned to the original one, so there is no conflict.
    .filter(({ field, before: first }) => !isDeepStrictEqual(first, now.definition[field]));
  return [...remaining, ...fresh];
}

/** The unresolved conflicts: fields whose text differs from the store. */
export function unresolvedConflicts(form: Form): readonly FieldConflict[] {
  return form.conflicts.filter(({ field }) => isFieldChanged(form.texts, form.stored, field));
}

/**
 * The form with all conflicts resolved: the fields in `theirs` take the stored value, the others keep the form's value.
 */
export function resolveConflicts(form: Form, theirs: readonly DefinitionField[]): Form {
  return refocused({ ...form, texts: copied(form.texts, form.stored, theirs), conflicts: [] }, form);
}

/** The same form for a job that is yet to be created, with all texts. */
export function toNewJobForm(form: Form): Form {
  const texts: FormTexts = { ...form.texts, job_id: '' };
  return {
    ...form,
    jobId: undefined,
    base: undefined,
    stored: newTexts(''),
    texts,
    check: UNCHECKED,
    gone: undefined,
    conflicts: [],
    otherChange: undefined,
    focus: 'job_id',
    cursor: 0,
  };
}

/** The job in an operation's answer. */
export function toStoredJob(job: Readonly<Record<string, unknown>> & { revision: number }): StoredJob {
  const fields = DEFINITION_FIELDS.map((field) => [field, job[field]]);
  return { definition: Object.fromEntries(fields) as unknown as JobDefinition, revision: job.revision };
}

function copied(to: FormTexts, from: FormTexts, fields: readonly DefinitionField[]): FormTexts {
  const paths = FORM_FIELDS.map(({ path }) => path).filter((path) => {
    const field = definitionFieldOf(path);
    return field !== undefined && fields.includes(field);
  });
  return { ...to, ...Object.fromEntries(paths.map((path) => [path, from[path]])) };
}
