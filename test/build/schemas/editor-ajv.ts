import { Ajv, type ValidateFunction } from 'ajv';
import { createSchema, type SchemaName } from '../../../build/schemas/all.ts';

/** What editors know beyond the standard. SchemaStore knows them as well, but for the last. */
export const EDITOR_KEYWORDS = ['enumDescriptions', 'patternErrorMessage'];

/** Compiles a published schema, or a part of one, as strictly as SchemaStore does. */
export function compileSchema(schema: SchemaName | object): ValidateFunction {
  const whole = typeof schema === 'string' ? createSchema(schema) : schema;
  return new Ajv({ strict: true, keywords: EDITOR_KEYWORDS }).compile(whole);
}
