import * as z from 'zod';
import { SELECTOR_PARTS } from '../model/check.ts';
import { paramValuesInput } from '../model/params.ts';
import { nearestSchema, repairResponse } from './repair-protocol.ts';

/** The line with which an inspector that stays says that it can take another question. */
export const FREE = 'free';

/** A request from the core to the inspector, `dist/config.js`: one JSON value on its standard input. */
const checkRequest = z.object({
  ask: z.literal('check'),
  /** The text will be run, not saved: problems that only prevent saving are reported as warnings. */
  for_run: z.boolean().optional(),
  yaml: z.string(),
  /** Changes to make in the text first, by place: `selectors.price`. The changed text is checked. */
  changes: z.record(z.string(), z.unknown()).optional(),
  /** The name in messages: `books.yaml`. */
  name: z.string(),
  /** The home whose secrets.env and settings apply; without it, only the environment does. */
  home: z.string().optional(),
  /** The time limit for the response. The process exits soon after it, even if it is busy. */
  time_limit_ms: z.number(),
});

/**
 * Set when the client must not receive the values of variables, whichever selectors it uses. For given pages,
 * `variables` names those used to fetch them; if they were not recorded, or if secrets are written in it, `fetched_by` is
 * the configuration that fetched them. `lost` names those whose values are not known any more. `is_persons`: the text is exactly what the person wrote. `is_told`: the response reports what is concealed.
 */
const concealSchema = z.object({
  variables: z.array(z.string()).optional(),
  lost: z.array(z.string()).optional(),
  fetched_by: z.string().optional(),
  is_persons: z.boolean().optional(),
  is_told: z.boolean().optional(),
});

/** A page that a run kept. */
const keptPageSchema = z.object({
  file: z.string(),
  url: z.string(),
  content_type: z.string(),
  /** In epoch milliseconds; default: now. */
  fetched_at: z.number().optional(),
  role: z.enum(['rows', 'detail']).optional(),
  /** Of a detail page: its level of `follow`; default: 1. */
  level: z.int().optional(),
});

const testRequest = z.object({
  ...checkRequest.shape,
  ask: z.literal('test'),
  /** The home whose settings apply. */
  home: z.string(),
  max_pages: z.int(),
  /** The number of rows to return. */
  sample_items: z.int(),
  /** Values of its parameters. */
  params: paramValuesInput().optional(),
  conceal: concealSchema.optional(),
  /** Existing pages to use instead of fetching any. */
  pages: z.array(keptPageSchema).optional(),
});

/** The pages that a run kept, or the first live ones, and those of a good run before it. */
const compareRequest = z.object({
  ask: z.literal('compare'),
  yaml: z.string(),
  /** The name in messages: `books.yaml`. */
  name: z.string(),
  home: z.string(),
  now: z.array(keptPageSchema),
  /** Fetches the first page, and the first detail page of each level, as a run does; `now` is empty then. */
  live: z.object({ params: paramValuesInput().optional() }).optional(),
  before: z.array(keptPageSchema),
  /** The selectors of the good run that the configuration has since replaced. */
  earlier: z.array(z.object({ part: z.enum(SELECTOR_PARTS), field: z.string(), selector: z.string() })),
  /** Whether to propose a selector for each broken one. */
  repair: z.boolean().optional(),
  /** First rows of the last good run, for proposals. */
  earlier_rows: z.array(z.record(z.string(), z.unknown())).optional(),
  conceal: concealSchema.optional(),
  time_limit_ms: z.number(),
});

/**
 * Where a page comes from: a run kept it; or it is fetched as a run of a configuration would fetch it (`number` counts
 * its pages from 1); or it is fetched from an address with default settings. `backend` is `requests` by default; `auto`
 * uses a browser if nothing repeats on the page and it seems to need its scripts.
 */
const pageOriginSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('kept'), ...keptPageSchema.shape }),
  z.object({
    from: z.literal('config'),
    yaml: z.string(),
    number: z.int(),
    params: paramValuesInput().optional(),
  }),
  z.object({
    from: z.literal('url'),
    url: z.string(),
    backend: z.enum(['requests', 'browser', 'auto']).optional(),
  }),
]);

/** A question about one page. `core/operations/page-source.ts` creates it from an operation's input. */
const pageQuestionShape = {
  page: pageOriginSchema,
  conceal: concealSchema.optional(),
  /** The name in messages. */
  name: z.string(),
  /** The home whose settings and variables apply. */
  home: z.string(),
  time_limit_ms: z.number(),
};

const suggestRequest = z.object({ ask: z.literal('propose'), ...pageQuestionShape });

/** How a page is shown. */
export const PAGE_VIEWS = ['outline', 'text', 'html', 'image'] as const;

const pageRequest = z.object({
  ask: z.literal('page'),
  ...pageQuestionShape,
  as: z.enum(PAGE_VIEWS),
  /** A selector or a text: the place to show. */
  near: z.string().optional(),
  /** Where the content begins, in characters. */
  offset: z.int().optional(),
  /** The size of the answer without its facts, in bytes of JSON. */
  max_bytes: z.int(),
  /** Also gives the whole content, for its other parts. */
  whole: z.boolean().optional(),
});

/** Examines a whole home, as `quickscrape doctor`. */
const examineRequest = z.object({
  ask: z.literal('examine'),
  name: z.string(),
  home: z.string(),
  time_limit_ms: z.number(),
});

const findRequest = z.object({
  ask: z.literal('find'),
  ...pageQuestionShape,
  /** What fields hold in one row of the page. */
  examples: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Other pages of the same list, on which the selectors may hold, too. */
  earlier_pages: z.array(keptPageSchema).optional(),
});

/** Writes rows of a run to a file that a person named. */
const exportRequest = z.object({
  ask: z.literal('export'),
  /** The file, absolute; its ending names the format. */
  name: z.string(),
  home: z.string(),
  jobs_dir: z.string(),
  /** `items.jsonl` of a run. */
  items_file: z.string(),
  /** A file that does not exist yet, for the selected rows. The caller removes it. */
  staging_file: z.string(),
  /** A `RowSelection` (core/items/stage-rows.ts). */
  selection: z.custom<object>((value) => typeof value === 'object' && value !== null),
  /** The columns of a file without rows. */
  fields: z.array(z.string()),
  /** The configuration of the run, for the types of its fields. */
  yaml: z.string().optional(),
  /** Replace an existing file. */
  force: z.boolean(),
  home_read_only: z.boolean(),
  time_limit_ms: z.number(),
});

export const scraperRequestSchema = z.discriminatedUnion('ask', [
  checkRequest,
  testRequest,
  suggestRequest,
  pageRequest,
  compareRequest,
  examineRequest,
  findRequest,
  exportRequest,
]);

export type CompareRequest = z.infer<typeof compareRequest>;
export type ScraperRequest = z.infer<typeof scraperRequestSchema>;
export type CheckRequest = z.infer<typeof checkRequest>;
export type TestRequest = z.infer<typeof testRequest>;
export type SuggestRequest = z.infer<typeof suggestRequest>;
export type PageRequest = z.infer<typeof pageRequest>;
export type ExamineRequest = z.infer<typeof examineRequest>;
export type FindRequest = Omit<z.infer<typeof findRequest>, 'ask' | 'time_limit_ms'>;
export type ExportRequest = z.infer<typeof exportRequest>;
export type PageOrigin = z.infer<typeof pageOriginSchema>;

/** The input field that named the page, for errors. */
export const ORIGIN_FIELDS: Record<PageOrigin['from'], string> = {
  kept: 'run_id',
  config: 'config_name',
  url: 'url',
};
/** What each request about one page has. */
export type PageQuestion = Omit<SuggestRequest, 'ask'>;

const issueSchema = z.object({
  path: z.string(),
  message: z.string(),
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
  hint: z.string().optional(),
});

/**
 * The response for a configuration that can run; otherwise the response is an {@link errorResponseSchema} with
 * `invalid_config`.
 */
export const checkResponse = z.object({
  /** The text with the changes, if some were given. */
  yaml: z.string().optional(),
  warnings: z.array(issueSchema),
  facts: z.object({
    privateHosts: z.array(z.string()),
    outputPath: z.string().nullable(),
    caFile: z.string().nullable(),
    addressFiles: z.array(z.string()),
    addressJob: z.string().nullable(),
    variables: z.array(z.string()),
    references: z.array(z.object({ path: z.string(), text: z.string(), ways: z.string() })),
    secrets: z.array(z.object({ path: z.string(), text: z.string(), ways: z.string() })),
    addresses: z.array(z.string()),
    needsBrowser: z.boolean(),
    countedBy: z.string().nullable(),
    concurrency: z.number().nullable(),
    headers: z.array(
      z.object({ name: z.string(), text: z.string(), under: z.literal('request').optional() }),
    ),
    request: z.object({ text: z.string(), does: z.string().nullable() }).nullable(),
  }),
});

/** A web request that is being sent. */
const sentSchema = z.object({
  method: z.string(),
  /** The site and, if used, the proxy; with ports that are not the default. */
  hosts: z.array(z.string()),
  /** The size of head and body before encryption. */
  bytes: z.int(),
});

/**
 * A line that may precede a response about live pages. It is written as soon as the request is sent, so that requests of
 * a cancelled question are known too.
 */
export const sentLine = z.object({ sent: sentSchema });

/** How far a test run is; `total` pages, `null` if their number is not known. */
const progressSchema = z.object({ pages: z.int(), items: z.int(), total: z.int().nullable() });

/** A line that may precede the response of a test run on live pages: a page was read. */
export const progressLine = z.object({ progress: progressSchema });

/** A line that may precede the response of an export: the share of the rows that were collected, from 0 to 1. */
export const shareLine = z.object({ share: z.number() });

/** The result of an export. */
export const exportResponse = z.object({ items: z.int(), bytes: z.int(), warnings: z.array(z.string()) });

/** What one selector matched in a test run. */
const selectorOnPages = z.object({
  part: z.enum(SELECTOR_PARTS),
  field: z.string(),
  selector: z.string(),
  matched: z.int(),
  pages: z.int(),
  /** On each listed page of its role and level, in order; absent for a single page. */
  by_page: z.array(z.int()).optional(),
  nearest: nearestSchema.optional(),
});

/** The result of testing a configuration. */
export const testResponse = z.object({
  pages: z.int(),
  items: z.int(),
  /** The first rows; long texts are truncated. */
  sample: z.array(z.record(z.string(), z.unknown())),
  /** The pages that were read, at most thirty. */
  page_list: z.array(
    z.object({
      url: z.string(),
      role: z.enum(['rows', 'detail']),
      /** Of a detail page that another one links to: its level of `follow`, from 2. */
      level: z.int().optional(),
      items: z.int(),
    }),
  ),
  matches: z.array(selectorOnPages),
  warnings: z.array(z.string()),
  /** What was sent for the first pages, if not a plain GET, without secrets. */
  requests: z.array(z.string()).optional(),
  error: z.object({ kind: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
});

const shownPage = z.object({
  url: z.string(),
  title: z.string(),
  bytes: z.int(),
  language: z.string().optional(),
});

/** How the page of a run differs from that of a good run, for the selectors of a configuration. */
export const compareResponse = z.object({
  /** Whether the pages shown are those of rows, or those of one row (`follow`), which alone have changed. */
  shows: z.enum(['rows', 'detail']),
  /** Of a detail page that another one links to: its level of `follow`, from 2. */
  level: z.int().optional(),
  now: shownPage.nullable(),
  before: shownPage.nullable(),
  /** What the page may be instead of a page of rows (scrape/suggest/page-signs.ts). */
  signs: z.array(z.string()),
  signs_before: z.array(z.string()),
  /** Why scripts may make its content, as half a sentence. */
  scripts: z.string().nullable(),
  rows: z.object({ before: z.int(), now: z.int() }).nullable(),
  changed: z.array(
    z.object({
      ...selectorOnPages.pick({ part: true, field: true, selector: true, nearest: true }).shape,
      before: z.int(),
      now: z.int(),
    }),
  ),
  /** Without an earlier page: the selectors that match nothing. */
  missing: z.array(selectorOnPages.pick({ part: true, field: true, selector: true, nearest: true })),
  /** The number of selectors that match as before. */
  unchanged: z.int(),
  gone: z.array(z.string()),
  fresh: z.array(z.string()),
  /** Selectors that hold the earlier values now. */
  changes: z.array(
    z.object({
      path: z.string(),
      from: z.string(),
      /** The selector; or the whole field where the value is now in another attribute. */
      value: z.union([z.string(), z.record(z.string(), z.unknown())]),
      matched: z.int(),
    }),
  ),
  /** The paths of those that only go back to an earlier selector, which an edit replaced. */
  reverted: z.array(z.string()),
  /** Whether both pages consist of the same elements, classes and ids. */
  is_same: z.boolean(),
  /** Fields that had values on the earlier page, and have none with these changes. */
  still_empty: z.array(z.string()),
  /** What the page gives with these changes. */
  after: z.object({ rows: z.int(), sample: z.record(z.string(), z.unknown()) }).nullable(),
  /** If it was asked for. */
  repair: repairResponse.optional(),
});

export type CheckResponse = z.infer<typeof checkResponse>;
export type RequestSent = z.infer<typeof sentSchema>;
export type TestProgress = z.infer<typeof progressSchema>;
export type CompareResponse = z.infer<typeof compareResponse>;
export type ExportResponse = z.infer<typeof exportResponse>;
export type TestResponse = z.infer<typeof testResponse>;

/** A serialized `QuickscrapeError`. */
export const errorResponseSchema = z.object({
  refused: z.object({
    code: z.enum([
      'invalid_config',
      'invalid_params',
      'conflict',
      'store_unavailable',
      'not_allowed',
      'internal',
    ]),
    message: z.string(),
    field: z.string().optional(),
    hint: z.string().optional(),
    issues: z.array(issueSchema).optional(),
  }),
});
