import * as z from 'zod';
import { VALUE_TYPES } from '../parsers/parse-value.ts';

/** `type` of a field: what its text is read as. */
export const valueTypeInput = z
  .enum(VALUE_TYPES)
  .describe('Read the text as this; what cannot be read is null and counted');
