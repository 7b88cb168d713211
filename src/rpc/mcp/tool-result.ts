import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Issue, QuickscrapeError } from '../../core/lib/errors.ts';
import { formatCommandHint } from '../../core/lib/hints.ts';
import { sanitizeAll, sanitizeLines } from '../../core/lib/sanitize-text.ts';
import { truncateUtf8 } from '../../core/lib/truncate-values.ts';
import type { PageRoom } from '../../core/operations/page-room.ts';
import { DEFAULT_RESULT_BYTES, MAX_RESULT_BYTES, RESULT_LIMITS, type ResultLimits } from './result-limits.ts';
import { describeNote, hasPageData, summarize } from './summary.ts';
import { sizeOf } from './truncate-lists.ts';
import { createPageRoom, truncateResult } from './truncate-result.ts';

type Fields = Record<string, unknown>;

/** Bytes reserved for `summary` and `note` before a page is read: the longest that both may be. */
const SUMMARY_BYTES = 700;

/** The room in a tool result for a list that continues at a cursor: the operation ends the page where it is full. */
export function toolPageRoom(operation: string, params: Fields): PageRoom | undefined {
  const rule: ResultLimits = RESULT_LIMITS[operation] ?? {};
  if (rule.pagedList === undefined) return undefined;
  const show = (answer: Fields) => {
    const cleaned = clean(operation, answer);
    return rule.shows?.(cleaned, params) ?? cleaned;
  };
  return createPageRoom(rule.pagedList, maxBytesOf(rule, params) - SUMMARY_BYTES, show, rule.minItemBytes);
}

/** Texts of web pages may hold sequences that a terminal obeys, and letters that only a model sees. */
function clean(operation: string, answer: Fields): Fields {
  return hasPageData(operation) ? sanitizeAll<Fields>(answer) : answer;
}

function maxBytesOf(
  { sizeParams = [], defaultBytes = DEFAULT_RESULT_BYTES }: ResultLimits,
  params: Fields,
): number {
  return sizeParams.some((name) => params[name] !== undefined) ? MAX_RESULT_BYTES : defaultBytes;
}

/**
 * Converts an operation's answer to a tool result for a model: small by default, never over 20 KB, and only whole
 * items. It begins with `summary`, the answer in a sentence, and `note`, if there is a caveat.
 * @param whole the operation's answer, with a page of {@link toolPageRoom}
 */
export function buildToolResult(operation: string, params: Fields, whole: Fields): CallToolResult {
  const answer = clean(operation, whole);
  const { image } = answer as { image?: { mime_type: string; data: string } };
  if (image !== undefined) return imageResult(operation, params, answer, image);
  const rule: ResultLimits = RESULT_LIMITS[operation] ?? {};
  const maxBytes = maxBytesOf(rule, params);
  const show = (full: Fields) => rule.shows?.(full, params) ?? full;
  const { pagedList } = rule;
  // Of a page, the shown part counts.
  const paged = pagedList === undefined ? answer : show(answer);
  const ordered = rule.first === undefined ? paged : moveToFront(paged, rule.first);
  const shown = pagedList === undefined ? show(ordered) : ordered;
  // The note describes the full answer, because truncation may remove the most important part.
  const note = describeNote(operation, paged);
  const leadingFields = { summary: summarize(operation, params, paged), ...(note !== undefined && { note }) };
  const fitted = truncateResult(shown, maxBytes - sizeOf(leadingFields), {
    ...rule,
    lists: rule.lists ?? [],
  });
  if (fitted === shown || sizeOf(fitted) <= MAX_RESULT_BYTES)
    return structuredResult({ ...leadingFields, ...fitted });
  if (rule.keep !== undefined) return toolError(tooLarge(operation, fitted));
  // The operation has succeeded, so its result must not be an error.
  return structuredResult({ ...leadingFields, shortened: { rest: rule.rest } });
}

function moveToFront(answer: Fields, { list, is }: NonNullable<ResultLimits['first']>): Fields {
  const items = answer[list] as Fields[];
  return { ...answer, [list]: [...items.filter(is), ...items.filter((item) => !is(item))] };
}

function tooLarge(operation: string, answer: Fields): QuickscrapeError {
  return new QuickscrapeError(
    'not_allowed',
    `the answer of ${operation} is too large: ${sizeOf(answer)} bytes`,
    { hint: 'Read the resource quickscrape://configs/{config_name} instead.' },
  );
}

/**
 * A tool result in the shape that all results have. Hosts forward either the text or `structuredContent` to the model,
 * so the text is the JSON of the other (MCP 2025-06-18 and later, "Structured Content"). Sentences for the model are
 * its first fields.
 */
function structuredResult(fields: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(fields) }], structuredContent: fields };
}

/** A picture is a block of its own; the text says what it shows. */
function imageResult(
  operation: string,
  params: Fields,
  answer: Fields,
  { mime_type: mimeType, data, ...size }: { mime_type: string; data: string },
): CallToolResult {
  const summary = summarize(operation, params, answer);
  const { content, ...result } = structuredResult({
    summary,
    note: describeNote(operation, answer),
    ...answer,
    image: { mime_type: mimeType, ...size },
  });
  return { ...result, content: [...content, { type: 'image', mimeType, data }] };
}

/** The limit of an error, in bytes of JSON. It always includes the next call. */
const MAX_ERROR_BYTES = 2_400;
const MAX_SUMMARY_BYTES = 300;
const MAX_TEXT_BYTES = 600;
const MAX_ISSUE_BYTES = 300;
const MAX_ISSUES = 10;

/**
 * Converts an error for a model: the problem, the allowed values, and the next step. It is a tool result, not a
 * protocol error (SEP-1303). `error` has the `data` of the errors of `quickscrape rpc`, and the message.
 */
export function toolError(error: QuickscrapeError, formatHint = formatCommandHint): CallToolResult {
  const { code, field, issues = [] } = error;
  // Errors quote pages and clients.
  const message = sanitizeLines(error.message);
  const hint = sanitizeLines(
    [error.formatHint(formatHint), nextCall(error)].filter((line) => line !== undefined).join(' '),
  );
  const body = {
    summary: truncateUtf8(`${code}: ${message}`, MAX_SUMMARY_BYTES),
    error: {
      code,
      message: truncateUtf8(message, MAX_TEXT_BYTES),
      ...(field !== undefined && { field: truncateUtf8(field, MAX_ISSUE_BYTES) }),
      ...(hint !== '' && { hint: truncateUtf8(hint, MAX_TEXT_BYTES) }),
    },
  };
  const shownIssues = issuesThatFit(sanitizeAll(issues), MAX_ERROR_BYTES - sizeOf(body));
  const { summary, error: wrong } = body;
  return {
    isError: true,
    ...structuredResult({
      summary,
      error: shownIssues.length > 1 ? { ...wrong, issues: shownIssues } : wrong,
    }),
  };
}

/** The first issues that fit; a repeated hint appears once. */
function issuesThatFit(issues: readonly Issue[], maxBytes: number): Issue[] {
  const shownIssues: Issue[] = [];
  const hints = new Set<string | undefined>();
  for (const { path, message, hint } of issues.slice(0, MAX_ISSUES)) {
    const help = hint === undefined || hints.has(hint) ? {} : { hint: truncateUtf8(hint, MAX_ISSUE_BYTES) };
    hints.add(hint);
    const issue = {
      path: truncateUtf8(path, MAX_ISSUE_BYTES),
      message: truncateUtf8(message, MAX_ISSUE_BYTES),
      ...help,
    };
    if (sizeOf([...shownIssues, issue]) > maxBytes) break;
    shownIssues.push(issue);
  }
  return shownIssues;
}

/** The next call, for errors whose hints name none. */
function nextCall({ code, field }: QuickscrapeError): string | undefined {
  // Without that field, the error is about a file of the person that cannot be read.
  if (code === 'invalid_config' && field === 'yaml')
    return 'test_config tries a text; propose_config with grammar: true shows all keys.';
  return undefined;
}
