import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Issue, QuickscrapeError } from '../../core/lib/errors.ts';
import { formatCommandHint } from '../../core/lib/hints.ts';
import { sizeOf } from './shorten-lists.ts';
import { truncateUtf8 } from './truncate-result.ts';

/**
 * A tool result in the shape that all results have. Hosts forward either the text or `structuredContent` to the model,
 * so the text is the JSON of the other (MCP 2025-06-18 and later, "Structured Content"). Sentences for the model are
 * its first fields.
 */
export function structuredResult(fields: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(fields) }], structuredContent: fields };
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
  const { code, message, field, issues = [] } = error;
  const hint = [error.formatHint(formatHint), nextCall(error)].filter((line) => line !== undefined).join(' ');
  const body = {
    summary: truncateUtf8(`${code}: ${message}`, MAX_SUMMARY_BYTES),
    error: {
      code,
      message: truncateUtf8(message, MAX_TEXT_BYTES),
      ...(field !== undefined && { field: truncateUtf8(field, MAX_ISSUE_BYTES) }),
      ...(hint !== '' && { hint: truncateUtf8(hint, MAX_TEXT_BYTES) }),
    },
  };
  const shownIssues = issuesThatFit(issues, MAX_ERROR_BYTES - sizeOf(body));
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
  if (code === 'invalid_schedule') return 'preview_schedule tries a schedule.';
  // Without that field, the error is about a file of the person that cannot be read.
  if (code === 'invalid_config' && field === 'yaml')
    return 'test_config tries a text, save_config with dry_run checks it.';
  return undefined;
}
