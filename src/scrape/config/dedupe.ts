import * as z from 'zod';

/** `dedupe`: which rows are the same. `true`: those that are alike in all fields; else those alike in these fields. */
export type Dedupe = true | readonly string[];

export const dedupeInput = z
  .union([z.boolean(), z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe('Leave out rows that were there before: alike in these fields, or, with true, in all');

/** Undefined when nothing is to be left out. */
export function completeDedupe(input: z.output<typeof dedupeInput> | undefined): Dedupe | undefined {
  if (input === undefined || input === false) return undefined;
  return input === true ? true : [input].flat();
}
