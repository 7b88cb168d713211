import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Issue, QuickscrapeError } from '../../core/lib/errors.ts';
import { formatCommandHint } from '../../core/lib/hints.ts';
import { sizeOf, truncateUtf8 } from './truncate-result.ts';

/**
 * The result of a tool in the one shape that all have. Hosts forward either the text or `structuredContent` to the model,
 * so the text is the JSON of the other (MCP 2025-06-18 and later, "Structured Content"), and what has to be said in words
 * stands first within it.
 */
export function structuredResult(fields: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(fields) }], structuredContent: fields };
}

/** An error, in bytes of JSON: with the next call in it, always. */
const MAX_ERROR_BYTES = 2_400;
const MAX_SUMMARY_BYTES = 300;
const MAX_TEXT_BYTES = 600;
const MAX_ISSUE_BYTES = 300;
const MAX_ISSUES = 10;

/**
 * An error as a model gets it: what is wrong, what is allowed, what to do next (SEP-1303: not a protocol error). `error`
 * has what `quickscrape rpc` gives as the `data` of an error, and the message.
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

/** The first of them, a hint said once. */
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

/** The next call, where hints name none. */
function nextCall({ code, field }: QuickscrapeError): string | undefined {
  if (code === 'invalid_schedule') return 'preview_schedule tries a schedule.';
  // Else it is a file of the person's that cannot be read.
  if (code === 'invalid_config' && field === 'yaml')
    return 'test_config tries a text, save_config with dry_run checks it.';
  return undefined;
}
