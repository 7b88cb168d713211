import * as z from 'zod';

/** The outline of a page; `scrape/view/page-outline.ts` describes its parts. */
const outlineSchema = z.object({
  title: z.string(),
  lang: z.string(),
  headings: z.array(z.string()),
  blocks: z.array(
    z.object({
      selector: z.string(),
      count: z.int(),
      fields: z.array(
        z.object({
          name: z.string(),
          selector: z.string(),
          attribute: z.string().optional(),
          type: z.string().optional(),
          sample: z.string(),
        }),
      ),
    }),
  ),
  tables: z.array(
    z.object({
      selector: z.string(),
      caption: z.string().optional(),
      columns: z.array(z.string()),
      rows: z.int(),
    }),
  ),
  forms: z.array(
    z.object({ selector: z.string(), action: z.string(), method: z.string(), fields: z.array(z.string()) }),
  ),
  data: z.array(
    z.object({
      kind: z.enum(['json-ld', 'microdata', 'opengraph', 'json']),
      type: z.string(),
      count: z.int(),
      selector: z.string(),
      sample: z.record(z.string(), z.string()),
      size: z.int().optional(),
    }),
  ),
  next_page: z.object({ selector: z.string(), text: z.string(), href: z.string() }).optional(),
  tree: z.string(),
  left_out: z.array(z.string()),
});

/** The surroundings of a place on a page. */
const placeSchema = z.object({
  matches: z.int(),
  places: z.array(
    z.object({
      path: z.string(),
      selectors: z.array(z.object({ selector: z.string(), matches: z.int() })),
      text: z.string(),
      attributes: z.record(z.string(), z.string()),
      hidden: z.literal(true).optional(),
    }),
  ),
  tree: z.string(),
  left_out: z.array(z.string()),
});

/** A page as it is shown: `outline` or `place`, or a part of its `content`. */
export const pageResponse = z.object({
  url: z.string(),
  /** Epoch milliseconds. */
  fetched_at: z.number(),
  content_type: z.string(),
  bytes: z.int(),
  source: z.enum(['live', 'kept']),
  /** Whether a browser has rendered it. */
  rendered: z.boolean(),
  outline: outlineSchema.optional(),
  place: placeSchema.optional(),
  content: z.string().optional(),
  /** `data` is Base64. */
  image: z
    .object({ mime_type: z.string(), data: z.string().optional(), width: z.int(), height: z.int() })
    .optional(),
  /** Where the content continues, in characters; `null` at its end. */
  next_offset: z.int().nullable(),
  /** Changes with the content. */
  revision: z.string(),
  /** The whole content, with its control characters, where it was asked for and goes on. */
  whole: z.string().optional(),
  notes: z.array(z.string()),
});

export type PageResponse = z.infer<typeof pageResponse>;
