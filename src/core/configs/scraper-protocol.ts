import * as z from 'zod';
import { SELECTOR_PARTS } from '../model/selector-part.ts';

/** What the core asks the scraper's own program, `dist/config.js`: one JSON value on its standard input. */
const checkRequest = z.object({
  ask: z.literal('check'),
  /** It is to run, and not to be saved: what keeps a text only from being saved is a warning. */
  for_run: z.boolean().optional(),
  yaml: z.string(),
  /** As messages show it: `books.yaml`. */
  name: z.string(),
  /** The home whose secrets.env and settings count; without it only the environment does. */
  home: z.string().optional(),
  /** How long the answer may take; the program ends itself soon after, however busy it is. */
  time_limit_ms: z.number(),
});

const testRequest = z.object({
  ...checkRequest.shape,
  ask: z.literal('test'),
  /** The home whose settings count. */
  home: z.string(),
  max_pages: z.int(),
  /** Rows to show. */
  sample_items: z.int(),
  /**
   * Whether who asks must not learn what variables hold, by whatever selector: for pages that are there, the variables
   * that their fetching filled in, or, where nobody noted them, the configuration that they were fetched by.
   * `is_persons`: the text is as the person wrote it. `is_told`: the answer says what is concealed.
   */
  conceal: z
    .object({
      variables: z.array(z.string()).optional(),
      fetched_by: z.string().optional(),
      is_persons: z.boolean().optional(),
      is_told: z.boolean().optional(),
    })
    .optional(),
  /** Pages that are there already, in place of fetching any. */
  pages: z
    .array(
      z.object({
        file: z.string(),
        url: z.string(),
        content_type: z.string(),
        /** In epoch milliseconds; now when it is not said. */
        fetched_at: z.number().optional(),
        role: z.enum(['rows', 'detail']).optional(),
      }),
    )
    .optional(),
});

const proposeRequest = z.object({
  ask: z.literal('propose'),
  /** The page to look at. */
  url: z.string(),
  /** How it is fetched; plainly when it is not said. */
  backend: z.enum(['requests', 'browser']).optional(),
  name: z.string(),
  /** The home whose settings count. */
  home: z.string(),
  time_limit_ms: z.number(),
});

export const scraperRequestSchema = z.discriminatedUnion('ask', [checkRequest, testRequest, proposeRequest]);

export type ScraperRequest = z.infer<typeof scraperRequestSchema>;
export type CheckRequest = z.infer<typeof checkRequest>;
export type TestRequest = z.infer<typeof testRequest>;
export type ProposeRequest = z.infer<typeof proposeRequest>;

const issueSchema = z.object({
  path: z.string(),
  message: z.string(),
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
  hint: z.string().optional(),
});

/** A configuration that can run; one that cannot is a {@link errorResponseSchema} with `invalid_config`. */
export const checkResponse = z.object({
  warnings: z.array(issueSchema),
  facts: z.object({
    privateHosts: z.array(z.string()),
    outputPath: z.string().nullable(),
    caFile: z.string().nullable(),
    variables: z.array(z.string()),
    references: z.array(z.object({ path: z.string(), text: z.string(), ways: z.string() })),
    addresses: z.array(z.string()),
    needsBrowser: z.boolean(),
    countedBy: z.string().nullable(),
    headers: z.array(z.object({ name: z.string(), text: z.string() })),
  }),
});

/** A request on its way to the web. */
const sentSchema = z.object({
  method: z.string(),
  /** The site, and the proxy if there is one; with their ports, where those are not the usual ones. */
  hosts: z.array(z.string()),
  /** Of head and body, before they are encrypted. */
  bytes: z.int(),
});

/** A line that may come before the answer, of a trial on live pages: as soon as it is sent, so that it is known of one that is ended. */
export const sentLine = z.object({ sent: sentSchema });

/** What came of trying a configuration. */
export const testResponse = z.object({
  pages: z.int(),
  items: z.int(),
  /** The first rows; long texts are cut. */
  sample: z.array(z.record(z.string(), z.unknown())),
  matches: z.array(
    z.object({
      part: z.enum(SELECTOR_PARTS),
      field: z.string(),
      selector: z.string(),
      matched: z.int(),
      pages: z.int(),
    }),
  ),
  warnings: z.array(z.string()),
  error: z.object({ kind: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
});

const foundField = z.object({
  name: z.string(),
  selector: z.string(),
  attribute: z.string().nullable(),
  /** What all that it takes can be read as; absent for a text. */
  type: z.enum(['date', 'number', 'price']).optional(),
  /** What it has in the first row that has it, cut. */
  sample: z.string().optional(),
});

/** What could be taken from a page: selectors that were found in it. */
export const proposalResponse = z.object({
  /** The element that holds a row; `null` when nothing on the page repeats. */
  item: z.string().nullable(),
  /** How many of them there are. */
  rows: z.int(),
  fields: z.array(foundField),
  /** The link to the next page. */
  next: z.string().nullable(),
  /** Whatever repeats on the page, the rows above first. */
  choices: z.array(z.object({ item: z.string(), rows: z.int(), fields: z.array(foundField) })).optional(),
  /** Why what is not there may be made by the page's scripts, as half a sentence; `null` when nothing speaks for it. */
  scripts: z.string().nullable().optional(),
});

export type FoundChoice = NonNullable<ProposalResponse['choices']>[number];
export type ProposalResponse = z.infer<typeof proposalResponse>;
export type CheckResponse = z.infer<typeof checkResponse>;
export type RequestSent = z.infer<typeof sentSchema>;
export type TestResponse = z.infer<typeof testResponse>;

/** A `QuickscrapeError` on its way between the two processes. */
export const errorResponseSchema = z.object({
  refused: z.object({
    code: z.enum(['invalid_config', 'invalid_params', 'store_unavailable', 'not_allowed', 'internal']),
    message: z.string(),
    field: z.string().optional(),
    hint: z.string().optional(),
    issues: z.array(issueSchema).optional(),
  }),
});
