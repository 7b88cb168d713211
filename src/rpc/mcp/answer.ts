import type { CallToolResult } from '@modelcontextprotocol/server';
import { QuickscrapeError } from '../../core/errors.ts';
import { ANSWER_RULES, type AnswerRule, LARGEST_ANSWER, USUAL_ANSWER } from './answer-rules.ts';
import { fitAnswer, itemsThatFit, sizeOf, withoutNulls } from './fit-answer.ts';
import { summarize } from './summary.ts';

type Fields = Record<string, unknown>;

/**
 * Makes an operation's answer one for a model: small by default, never over 20 KB, of whole items.
 * @param again calls the operation once more with other parameters: a page that is too long is asked for anew, so that
 *   its cursor goes on where it ends
 */
export async function toolAnswer(
  operation: string,
  params: Fields,
  answer: Fields,
  again: (params: Fields) => Promise<Fields>,
): Promise<CallToolResult> {
  const rule: AnswerRule = ANSWER_RULES[operation] ?? {};
  const asked = rule.asks?.some((name) => params[name] !== undefined) ?? false;
  const most = asked ? LARGEST_ANSWER : USUAL_ANSWER;
  const paged = rule.pages === undefined ? answer : await fitPage(rule.pages, params, answer, most, again);
  const structuredContent = fitAnswer(paged, most, rule.lists ?? [], rule.keep);
  if (sizeOf(structuredContent) > LARGEST_ANSWER) return tooLarge(operation, structuredContent);
  return { content: [{ type: 'text', text: summarize(operation, structuredContent) }], structuredContent };
}

/** An error as a model gets it: what is wrong, what is allowed, what to do next (SEP-1303: not a protocol error). */
export function toolError(error: QuickscrapeError): CallToolResult {
  const { code, message, hint, issues } = error;
  const rest = (issues ?? [])
    .slice(1, MOST_ISSUES)
    .map((issue) => `- ${issue.message}${issue.hint ? ` (${issue.hint})` : ''}`);
  const text = [`${code}: ${message}`, ...rest, ...(hint === undefined ? [] : [hint])]
    .join('\n')
    .slice(0, LONGEST_ERROR);
  return { isError: true, content: [{ type: 'text', text }] };
}

const MOST_ISSUES = 10;
const LONGEST_ERROR = 4_000;

async function fitPage(
  list: string,
  params: Fields,
  answer: Fields,
  most: number,
  again: (params: Fields) => Promise<Fields>,
): Promise<Fields> {
  if (sizeOf(answer) <= most) return answer;
  const { [list]: items, ...rest } = withoutNulls(answer) as Fields;
  if (!Array.isArray(items)) return answer;
  const count = itemsThatFit(items, most - sizeOf(rest) - CURSOR);
  return count === items.length ? answer : again({ ...params, limit: count });
}

/** Room for the list's name and its cursor. */
const CURSOR = 120;

function tooLarge(operation: string, answer: Fields): CallToolResult {
  return toolError(
    new QuickscrapeError(
      'not_allowed',
      `the answer of ${operation} is too large: ${sizeOf(answer)} characters`,
      {
        hint:
          operation === 'get_config'
            ? 'Read the resource quickscrape://configs/{config_name} instead.'
            : 'Ask for less: a smaller limit, or one item by its id.',
      },
    ),
  );
}
