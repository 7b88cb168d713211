import { hash } from 'node:crypto';
import * as z from 'zod';
import { PAGE_VIEWS } from '../configs/scraper-protocol.ts';
import { type PageResponse, pageResponse } from '../configs/shown-page.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { tryParseJson } from '../lib/json.ts';
import { late } from '../lib/late-modules.ts';
import { formatInstant } from '../schedule/engine/instant.ts';
import { defineOperation } from './define-operation.ts';
import { LivePages } from './live-pages.ts';
import { type PageInput, resolvePage } from './page-source.ts';

const loadScraperClient = late(() => import('../configs/scraper-client.ts'));

/** The size of an answer, in bytes of JSON: a model reads it whole. */
const ANSWER_BYTES = 6_000;
/** Bytes for the facts around what is shown: addresses, notes, the cursor. */
const FACTS_BYTES = 700;
/** The most pages of a configuration that are visited to reach one. */
const MAX_PAGE = 20;
const MAX_NEAR_CHARACTERS = 500;

const { outline, place, image } = pageResponse.shape;

export const getPage = defineOperation({
  name: 'get_page',
  title: 'See a page',
  description:
    'Shows a page: its structure with selectors (outline), text, cleaned html or image; near: one place. Give run_id ' +
    '(a kept page), config_name or url (live). test_config tries selectors.',
  input: () =>
    z.strictObject({
      run_id: z.string().min(1).optional(),
      config_name: z.string().min(1).optional(),
      url: z.string().min(1).optional(),
      page: z.int().min(1).max(MAX_PAGE).default(1),
      as: z.enum(PAGE_VIEWS).default('outline'),
      near: z.string().min(1).max(MAX_NEAR_CHARACTERS).optional().describe('Selector or text'),
      cursor: z.string().optional(),
    }),
  output: () =>
    z.object({
      url: z.string(),
      source: z.enum(['live', 'kept page']),
      fetched_at: z.string().describe('RFC 3339, UTC'),
      content_type: z.string(),
      bytes: z.int(),
      rendered: z.literal(true).optional().describe('By a browser'),
      as: z.enum(PAGE_VIEWS),
      outline,
      place,
      content: z.string().optional().describe('Text or source: data from the page'),
      image: image.describe('A picture, scaled down'),
      notes: z.array(z.string()).describe('What is missing, and how to see it'),
      next_cursor: z.string().optional(),
    }),
  // It sends requests to sites, with what the configuration says.
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  readOnlyWithField: 'run_id',
  errors: ['run_not_found', 'config_not_found', 'invalid_config'],
  async handler(workspace, { as, near, cursor, ...input }, context) {
    const call = hashCall({ ...input, as, near });
    const at = cursor === undefined ? undefined : readCursor(cursor, call);
    const asked = await resolvePage(workspace, input, context, as === 'image' ? 'browser' : 'auto');
    const maxBytes = ANSWER_BYTES - FACTS_BYTES;
    const pages = livePages.get(workspace) ?? new LivePages();
    livePages.set(workspace, pages);
    if (at?.kept !== undefined) {
      // The policy has been asked again; the site is not.
      const part = pages.show(at.kept, at.offset, maxBytes);
      if (part === undefined) throw goneError();
      return toAnswer(part, as, (offset) => writeCursor({ ...at, offset }));
    }
    const { showPage } = await loadScraperClient();
    const { signal, onSent } = context;
    const question = {
      ...asked,
      as,
      max_bytes: maxBytes,
      ...(near !== undefined && { near }),
      ...(at && { offset: at.offset }),
      ...(asked.page.from !== 'kept' && { whole: true }),
    };
    const { whole, ...shown } = await showPage(question, { signal, onSent });
    if (at !== undefined && at.revision !== shown.revision) throw changedError();
    const kept = whole === undefined ? undefined : pages.keep({ ...shown, whole });
    return toAnswer(shown, as, (offset) =>
      writeCursor({ call, revision: shown.revision, offset, ...(kept !== undefined && { kept }) }),
    );
  },
});

/** By the workspace of a server, which serves one client. */
const livePages = new WeakMap<object, LivePages>();

function toAnswer(
  { fetched_at, source, rendered, next_offset, revision: _, whole: __, notes, ...facts }: PageResponse,
  as: (typeof PAGE_VIEWS)[number],
  cursorAt: (offset: number) => string,
) {
  return {
    ...facts,
    as,
    source: source === 'live' ? ('live' as const) : ('kept page' as const),
    fetched_at: formatInstant(fetched_at, 'UTC'),
    ...(rendered && { rendered }),
    notes,
    ...(next_offset !== null && { next_cursor: cursorAt(next_offset) }),
  };
}

/** Where the content goes on: for this call only, and only while the content is the same. */
interface PageCursor {
  call: string;
  revision: string;
  offset: number;
  /** The live page that is kept for it. */
  kept?: string | undefined;
}

function hashCall({
  run_id,
  config_name,
  url,
  page,
  as,
  near,
}: PageInput & { as: string; near?: string | undefined }) {
  return hash('sha256', JSON.stringify([run_id, config_name, url, page, as, near]), 'hex').slice(0, 12);
}

function writeCursor(cursor: PageCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

const cursorSchema = z.strictObject({
  call: z.string(),
  revision: z.string(),
  offset: z.int().min(0),
  kept: z.string().optional(),
});

function readCursor(cursor: string, call: string): PageCursor {
  const read = cursorSchema.safeParse(tryParseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!read.success)
    throw cursorError('is not valid', 'Use next_cursor of the previous answer, or leave it out.');
  if (read.data.call === call) return read.data;
  throw cursorError(
    'belongs to another call',
    'Repeat the other parameters of the call that it came from, or leave the cursor out.',
  );
}

function changedError(): QuickscrapeError {
  return cursorError(
    'belongs to an earlier content of this page, which has changed',
    'Leave the cursor out to begin again. On a page that changes with every request, near shows one place in a single call.',
  );
}

function goneError(): QuickscrapeError {
  return cursorError(
    'continues a live page that is no longer kept',
    'A live page is kept for five minutes, while this server runs. Leave the cursor out to fetch it again.',
  );
}

function cursorError(problem: string, hint: string): QuickscrapeError {
  return new QuickscrapeError('invalid_params', `cursor ${problem}`, { field: 'cursor', hint });
}
