import * as z from 'zod';
import { SELECTOR_PARTS } from '../model/check.ts';

/** How far a selector that matched nothing gets (scrape/suggest/nearest-miss.ts). */
export const nearestSchema = z.object({
  prefix: z.string(),
  matched: z.int(),
  missing: z.string(),
  near: z.array(z.string()),
});

/** What a page gives: its rows, what each field matched in them, and the first row. */
const extractedRows = z.object({
  rows: z.int(),
  matches: z.record(z.string(), z.int()),
  first: z.record(z.string(), z.unknown()),
});

/** What is proposed for broken selectors, as tried on the kept page. */
export const repairResponse = z.object({
  broken: z.array(
    z.object({
      part: z.enum(SELECTOR_PARTS),
      field: z.string(),
      selector: z.string(),
      nearest: nearestSchema.optional(),
      /** Its key in the configuration. */
      path: z.string(),
      /** Elements that it matches on the kept page. */
      matched: z.int(),
      /** Rows of the page that lack it, of a selector that matches in the others. */
      gaps: z.int().optional(),
      proposal: z
        .object({
          /** The selector; or the whole field where the value is now in another attribute. */
          value: z.union([z.string(), z.record(z.string(), z.unknown())]),
          /** Rows with a value; of what is not in rows, elements. */
          filled: z.int(),
          rows: z.int().nullable(),
          /** The first value. */
          first: z.unknown().optional(),
          /** Why it is proposed: it holds the values of an earlier page or run, or has a similar name. */
          basis: z.enum(['earlier_page', 'earlier_rows', 'similar_name']),
        })
        .optional(),
    }),
  ),
  /** As the configuration is; `null` without a page of rows. */
  before: extractedRows.nullable(),
  /** With all proposals; `null` without any. */
  after: extractedRows.nullable(),
});

export type RepairResponse = z.infer<typeof repairResponse>;
