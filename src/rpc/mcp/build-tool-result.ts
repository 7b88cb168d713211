import type { CallToolResult } from '@modelcontextprotocol/server';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { DEFAULT_RESULT_BYTES, MAX_RESULT_BYTES, RESULT_LIMITS, type ResultLimits } from './result-limits.ts';
import { sizeOf } from './shorten-lists.ts';
import { describeNote, summarize } from './summary.ts';
import { structuredResult, toolError } from './tool-error.ts';
import { truncatePage, truncateResult } from './truncate-result.ts';

type Fields = Record<string, unknown>;

/** Bytes reserved for `summary` and `note` before a page is read: the longest that both may be. */
const SUMMARY_BYTES = 700;

/**
 * Converts an operation's answer to a tool result for a model: small by default, never over 20 KB, and only whole
 * items. It begins with `summary`, the answer in a sentence, and `note`, if there is a caveat.
 * @param callAgain calls the operation again with other parameters: a page that is too long is requested with fewer
 *   items, so that its cursor continues where the page ends
 */
export async function buildToolResult(
  operation: string,
  params: Fields,
  answer: Fields,
  callAgain: (params: Fields) => Promise<Fields>,
): Promise<CallToolResult> {
  const rule: ResultLimits = RESULT_LIMITS[operation] ?? {};
  const isSizeRequested = rule.sizeParams?.some((name) => params[name] !== undefined) ?? false;
  const maxBytes = isSizeRequested ? MAX_RESULT_BYTES : DEFAULT_RESULT_BYTES;
  const paged =
    rule.pagedList === undefined
      ? answer
      : await truncatePage(rule.pagedList, params, answer, maxBytes - SUMMARY_BYTES, callAgain);
  const ordered = rule.first === undefined ? paged : moveToFront(paged, rule.first);
  const shown = rule.shows?.(ordered) ?? ordered;
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
