import { DEFINITION_FIELDS, type DefinitionField } from '../../../core/model/definition.ts';
import type { OperationInput } from '../../../core/operations/call-operation.ts';
import { JobSchedule } from '../../../core/schedule/job-schedule.ts';
import type { Form } from './model.ts';

import { isFieldChanged, newTexts, parseFormTexts } from './texts.ts';

/** A field in the review, with its old and its new value. */
export interface FieldDiff {
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
    return changedFields(form).map((field) => {
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

/** A field's value, formatted for display. */
export function formatFieldValue(field: DefinitionField, value: unknown, zone: string): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) {
    return 'none';
  }
  if (field === 'schedule') {
    try {
      return JobSchedule.fromDict({ timezone: zone, ...(value as object) }).describe();
    } catch {
      return asJson(value);
    }
  }
  if (field === 'enabled') return value === true ? 'yes' : 'no';
  if (field === 'tags' && Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : asJson(value);
}

function asJson(value: unknown): string {
  return JSON.stringify(value);
}
