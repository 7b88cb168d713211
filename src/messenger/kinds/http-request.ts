import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import { BUILD } from '../../core/lib/program.ts';
import { sanitizeText } from '../../core/lib/sanitize-text.ts';
import type { Delivery } from './delivery.ts';
import { describeNetworkError } from './describe-network-error.ts';

/** The caller cuts what it shows, after it has removed secrets. */
const MAX_ANSWER_BYTES = 16_384;
/** The status has decided; the reason for a refusal is not worth waiting longer. */
const ANSWER_TIMEOUT_MS = 5_000;

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
  if (!canParseUrl(url)) return { isSent: false, error: 'the address of the channel is not valid' };
  const address = new URL(url);
  const { host } = address;
  try {
    const response = await fetch(withoutCredentials(address), {
      method,
      headers: {
        'user-agent': `quickscrape-jobs/${BUILD.replace('+', ' (')})`,
        ...credentialsOf(address),
        ...headers,
      },
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    });
    if (response.ok) {
      // Whatever follows: the receiver has taken the message.
      await response.body?.cancel().catch(() => {});
      return { isSent: true };
    }
    const answer = await readAnswer(response);
    return {
      isSent: false,
      error: `${host} answered HTTP ${response.status}${describeAnswer(response.status, answer)}`,
      retryAfterMs: retryAfterOf(response.headers.get('retry-after')),
    };
  } catch (error) {
    return { isSent: false, error: `${host}: ${describeNetworkError(error)}`, isUnreachable: true };
  }
}

/** `fetch` refuses an address with a user and a password. */
function withoutCredentials(address: URL): URL {
  const bare = new URL(address);
  bare.username = '';
  bare.password = '';
  return bare;
}

/** A user and a password of an address, as a header (RFC 7617). */
function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
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

/** The beginning of a refusal; the rest is not read, however long or slow it is. */
async function readAnswer({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), ANSWER_TIMEOUT_MS);
  let text = '';
  try {
    for (
      let part = await reader.read();
      !part.done && text.length < MAX_ANSWER_BYTES;
      part = await reader.read()
    )
      text += decoder.decode(part.value, { stream: true });
  } catch {
    // What has come is enough.
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => {});
  }
  return sanitizeText(text).trim();
}

function describeAnswer(status: number, answer: string): string {
  if (status >= 300 && status < 400) return ', a redirect: write the final address into channels.yaml';
  return answer === '' ? '' : `: ${answer}`;
}

/** `Retry-After` as seconds or as a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return wait > 0 ? wait : undefined;
}
