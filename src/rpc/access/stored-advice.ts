import { isRecord } from '../../core/lib/json.ts';
import { type Offered, offeredSentences } from './offered-text.ts';

/** Operations whose answers have messages of runs. They may be old, and they name commands for people. */
const WITH_MESSAGES: ReadonlySet<string> = new Set([
  'list_jobs',
  'get_job',
  'list_runs',
  'get_run',
  'run_job',
  'retry_run',
  'cancel_run',
  'explain_run',
  'get_log',
  'test_config',
]);

/** The advice of a run without items (scrape/crawl/no-items-error.ts), also when it is cut. */
const ADVICE = /Try them on fewer pages: [^\n]*?(?: --verbose\.|…$)/g;
const INSTEAD =
  'explain_run compares the page with that of the last good run. test_config with run_id tries selectors on it.';

/** An answer for a model: where a run's message names a command of the terminal, it names operations. */
export function withOperationAdvice(
  operation: string,
  answer: Record<string, unknown>,
  offered: Offered,
): Record<string, unknown> {
  return WITH_MESSAGES.has(operation)
    ? (replace(answer, offeredSentences(INSTEAD, offered)) as Record<string, unknown>)
    : answer;
}

function replace(value: unknown, advice: string): unknown {
  if (typeof value === 'string')
    return value.includes('Try them on fewer pages: ')
      ? value.replaceAll(ADVICE, () => advice).trim()
      : value;
  if (Array.isArray(value)) return value.map((one) => replace(one, advice));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replace(one, advice)]));
}
