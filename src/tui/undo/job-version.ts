import { DEFINITION_FIELDS, type DefinitionField, type JobDefinition } from '../../core/model/definition.ts';
import { changedFields } from '../../core/operations/changed-fields.ts';
import type { JobOutput } from '../../core/operations/job-output.ts';

/** What a configuration was at a time. */
export interface ConfigVersion {
  readonly yaml: string;
  readonly revision: string;
}

/** What a job was at a time. */
export interface JobVersion {
  readonly definition: JobDefinition;
  readonly revision: number;
}

/** The version that an answer of an operation shows. */
export function toJobVersion(job: JobOutput): JobVersion {
  const fields = Object.fromEntries(DEFINITION_FIELDS.map((field) => [field, job[field]]));
  return { definition: fields as unknown as JobDefinition, revision: job.revision };
}

/** The fields in which two versions differ; the revision does not count. */
export function differingFields(one: JobVersion, other: JobVersion): DefinitionField[] {
  return changedFields(one.definition, other.definition);
}
