import { isDeepStrictEqual } from 'node:util';
import {
  DEFINITION_FIELDS,
  type DefinitionField,
  type JobDefinition,
} from '../../../core/model/definition.ts';
import type { Author } from '../../home/home-data.ts';
import type { JobRow } from '../../home/job-row.ts';
import { definitionFieldOf, FORM_FIELDS } from './fields.ts';
import { UNCHECKED } from './form.ts';
import type { FieldConflict, Form, FormTexts, StoredJob } from './model.ts';
import { isFieldChanged, newTexts, toFormTexts } from './texts.ts';

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
 * The form on top of a newer version of its job. Fields without changes here take the new values. A field that was
 * changed here to another value becomes a conflict: its text stays until the user decides.
 */
export function mergeStoredJob(form: Form, now: StoredJob, by: Author): Form {
  const { base, stored: before, texts: mine } = form;
  if (base === undefined) return form;
  const theirs = toFormTexts(now.definition, form.jobId);
  const changed = DEFINITION_FIELDS.filter(
    (field) => !isDeepStrictEqual(base.definition[field], now.definition[field]),
  );
  const takenFields = changed.filter((field) => !isFieldChanged(mine, before, field));
  const texts = takenFields.length === 0 ? mine : copied(mine, theirs, takenFields);
  const conflicts = conflictsAfter(form, now, { theirs, changed, by });
  const otherChange = changed.length === 0 ? form.otherChange : { by, taken: takenFields };
  const cursor = form.focus === 'more' ? 0 : Math.min(form.cursor, texts[form.focus].length);
  return { ...form, base: now, stored: theirs, texts, conflicts, otherChange, cursor, gone: undefined };
}

function conflictsAfter(
  { base, stored: before, texts: mine, conflicts }: Form,
  now: StoredJob,
  { theirs, changed, by }: { theirs: FormTexts; changed: readonly DefinitionField[]; by: Author },
): readonly FieldConflict[] {
  const remaining = conflicts.filter(({ field }) => !changed.includes(field));
  const fresh = changed
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
  return { ...form, texts: copied(form.texts, form.stored, theirs), conflicts: [] };
}

/** The same form for a job that is yet to be created, with all texts. */
export function toNewJobForm(form: Form): Form {
  const texts: FormTexts = { ...form.texts, job_id: '' };
  const isNew = { jobId: undefined, base: undefined, stored: newTexts(''), texts, check: UNCHECKED };
  return {
    ...form,
    ...isNew,
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
