import * as z from 'zod';
import { once } from '../lib/once.ts';
import { jobFields } from '../model/definition-schema.ts';

/**
 * The `changes` of `update_job`: every field of a job optional and without its default, since a field that is left
 * out stays as it is.
 */
export const jobChangesInput = once(() =>
  z.strictObject(
    Object.fromEntries(Object.entries(jobFields().shape).map(([name, field]) => [name, toChange(field)])),
  ),
);

function toChange(field: z.ZodType): z.ZodType {
  const change = withoutDefault(field).optional();
  return field.description === undefined ? change : change.describe(field.description);
}

function withoutDefault(field: z.core.$ZodType): z.ZodType {
  return (field instanceof z.ZodDefault ? field.unwrap() : field) as z.ZodType;
}
