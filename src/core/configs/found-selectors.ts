import * as z from 'zod';

const holdsOn = z.object({ pages: z.int(), of: z.int() });

/** Selectors for examples; `scrape/suggest/find-selectors.ts` describes the fields. */
export const findResponse = z.object({
  url: z.string(),
  source: z.enum(['live', 'kept']),
  is_rendered: z.boolean(),
  item: z.object({ selector: z.string(), count: z.int(), why: z.string(), holds_on: holdsOn }).nullable(),
  fields: z.array(
    z.object({
      name: z.string(),
      hits: z.int(),
      is_outside_rows: z.boolean(),
      nearest: z.array(z.string()),
      candidates: z.array(
        z.object({
          selector: z.string(),
          attribute: z.string().nullable(),
          regex: z.string().optional(),
          type: z.string().optional(),
          needs_type: z.boolean(),
          matched: z.int(),
          rows: z.int(),
          filled_percent: z.int(),
          samples: z.array(z.string()),
          holds_on: holdsOn,
          why: z.string(),
        }),
      ),
    }),
  ),
  warnings: z.array(z.string()),
});

export type FindResponse = z.infer<typeof findResponse>;
