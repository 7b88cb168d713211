import type { CallToolResult } from '@modelcontextprotocol/server';
import { QuickscrapeError } from '../../core/lib/errors.ts';
import { normalizeError } from './normalize-error.ts';
import { toolError } from './tool-error.ts';

const ELICITATION_FAILED = /^Fulfilling input required by '[\w/]+' failed: /;

/**
 * The SDK answers a call by itself when a question to the person fails: in words alone, with what zod found among them. That
 * answer gets the shape of all others.
 */
export function normalizeResult(result: Record<string, unknown>): Record<string, unknown> {
  if (result['isError'] !== true || 'structuredContent' in result) return result;
  const [content] = result['content'] as CallToolResult['content'];
  const text = content?.type === 'text' ? content.text : '';
  const why = normalizeError({ code: -32603, message: text.replace(ELICITATION_FAILED, '') }).message;
  const error = ELICITATION_FAILED.test(text)
    ? new QuickscrapeError('not_allowed', `the person could not be asked, so nothing was done: ${why}`)
    : new QuickscrapeError('internal', why);
  return { ...result, ...toolError(error) };
}
