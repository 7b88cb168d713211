import * as z from 'zod';

const foundField = z.object({
  name: z.string(),
  selector: z.string(),
  attribute: z.string().nullable(),
  /** The heading of its column, in the rows of a table. */
  column: z.string().optional(),
  /** The type that fits all its values; omitted for text. */
  type: z.enum(['date', 'number', 'price']).optional(),
  /** Its value in the first row that has one, truncated. */
  sample: z.string().optional(),
});

/** Where rows are that are not elements of the page. */
const rowSource = {
  /** Whether `item` selects a table, whose rows are taken. */
  is_table: z.literal(true).optional(),
  /** Selects the script whose JSON has the rows. */
  embedded: z.string().optional(),
};

/** How to get to the next page, where no selector finds a link to it. */
const foundPagination = z.discriminatedUnion('type', [
  z.object({ type: z.literal('cursor'), selector: z.string(), param_name: z.string() }),
  z.object({ type: z.literal('link_header') }),
  z.object({ type: z.literal('url_param'), param_name: z.string(), start_page: z.int(), step: z.int() }),
]);

/** The suggestion for a page: selectors that were found in it. */
export const suggestResponse = z.object({
  /** The selector of the element that holds a row; `null` when the page has no repeating elements. */
  item: z.string().nullable(),
  /** The number of these elements. */
  rows: z.int(),
  fields: z.array(foundField),
  ...rowSource,
  /** The selector of the link to the next page; with `pagination`, words for it. */
  next: z.string().nullable(),
  pagination: foundPagination.optional(),
  /** All repeating elements of the page, the one above first. */
  choices: z
    .array(z.object({ item: z.string(), rows: z.int(), fields: z.array(foundField), ...rowSource }))
    .optional(),
  /** Why missing content may be created by the page's scripts, as half a sentence; `null` without such a sign. */
  scripts: z.string().nullable().optional(),
  /** The address of the page, after redirects. */
  url: z.string().optional(),
  /** Whether a browser has rendered the page. */
  is_rendered: z.boolean().optional(),
});

export type FoundChoice = NonNullable<SuggestResponse['choices']>[number];
export type SuggestResponse = z.infer<typeof suggestResponse>;
