import { isDeepStrictEqual } from 'node:util';
import { DEFINITION_FIELDS, type DefinitionField, type JobDefinition } from '../model/definition.ts';

/** The fields in which two definitions differ, in file order. */
export function changedFields(before: JobDefinition, after: JobDefinition): DefinitionField[] {
  return DEFINITION_FIELDS.filter((field) => !isDeepStrictEqual(before[field], after[field]));
}
