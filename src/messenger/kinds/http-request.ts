import { BUILD } from '../../core/lib/program.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { Delivery } from './delivery.ts';

const MAX_ANSWER_CHARACTERS = 200;
const MAX_ANSWER_BYTES = 16_384;

export interface HttpMessage {
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/**
 * Sends a message as one web request. Redirects are not followed, because the request may carry a token.
 * @returns also for a receiver that refuses or cannot be reached; the error never repeats the address, which may hold a
 *   token
 */
export async function sendRequest(
  { url, method = 'POST', headers = {}, body }: HttpMessage,
  signal: AbortSignal,
): Promise<Delivery> {
  if (!URL.canParse(url)) return { isSent: false, error: 'the address of the channel is not valid' };
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method,
      headers: { 'user-agent': `quickscrape-jobs/${BUILD.replace('+', ' (')})`, ...headers },
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    });
    const answer = await readAnswer(response);
    if (response.ok) return { isSent: true };
    return {
      isSent: false,
      error: `${host} answered HTTP ${response.status}${describeAnswer(response.status, answer)}`,
      retryAfterMs: retryAfterOf(response.headers.get('retry-after')),
    };
  } catch (error) {
    return { isSent: false, error: `${host}: ${describeNetworkError(error)}` };
  }
}

/** Sends a message as JSON. */
export function sendJson(
  url: string,
  value: unknown,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Delivery> {
  const body = JSON.stringify(value);
  return sendRequest({ url, headers: { 'content-type': 'application/json', ...headers }, body }, signal);
}

/** The beginning of the answer; the rest is not read, however long it is. */
async function readAnswer(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER_BYTES) break;
  }
  return sanitizeText(text).trim().slice(0, MAX_ANSWER_CHARACTERS);
}

function describeAnswer(status: number, answer: string): string {
  if (status >= 300 && status < 400) return ', a redirect: write the final address into channels.yaml';
  return answer === '' ? '' : `: ${answer}`;
}

function retryAfterOf(header: string | null): number | undefined {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

const NETWORK_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there (connection refused)',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name could not be resolved',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/** Describes why a connection failed, with the reason of TLS where that was it. */
export function describeNetworkError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === 'TimeoutError') return 'it did not answer in time';
  const code = 'code' in cause ? String(cause.code) : '';
  return NETWORK_ERRORS[code] ?? (cause.message || code || 'the request failed');
}
