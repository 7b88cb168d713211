import type { CallToolResult } from '@modelcontextprotocol/server';
import type { QuickscrapeError } from '../../core/errors.ts';
import { cutText } from './cut-text.ts';
import { sizeOf } from './fit-answer.ts';

/** An error's text, in bytes of JSON: with the next call in it, always. */
const LONGEST = 1_800;
const LONGEST_MESSAGE = 600;
const LONGEST_LINE = 300;
const MOST_ISSUES = 10;

/** An error as a model gets it: what is wrong, what is allowed, what to do next (SEP-1303: not a protocol error). */
export function toolError(error: QuickscrapeError): CallToolResult {
  const { code, message, hint, issues = [] } = error;
  const last = [hint, nextCall(error)].flatMap((line) =>
    line === undefined ? [] : [cutText(line, 2 * LONGEST_LINE)],
  );
  const lines = [cutText(`${code}: ${message}`, LONGEST_MESSAGE)];
  const said = new Set([hint]);
  for (const issue of issues.slice(1, MOST_ISSUES)) {
    const help = issue.hint === undefined || said.has(issue.hint) ? '' : ` (${issue.hint})`;
    said.add(issue.hint);
    const line = cutText(`- ${issue.message}${help}`, LONGEST_LINE);
    if (sizeOf([...lines, line, ...last].join('\n')) > LONGEST) break;
    lines.push(line);
  }
  return { isError: true, content: [{ type: 'text', text: [...lines, ...last].join('\n') }] };
}

/** The next call, where hints name none. */
function nextCall({ code, field }: QuickscrapeError): string | undefined {
  if (code === 'invalid_schedule') return 'preview_schedule tries a schedule.';
  // Else it is a file of the person's that cannot be read.
  if (code === 'invalid_config' && field === 'yaml')
    return 'test_config tries a text, save_config with dry_run checks it.';
  return undefined;
}
