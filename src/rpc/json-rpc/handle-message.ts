import type { JSONRPCRequest, JSONRPCResponse } from 'json-rpc-2.0';
import { checkRequest } from './check-request.ts';
import { invalidRequest, parseError, toErrorResponse } from './error-responses.ts';

/** So many requests may be in one batch. */
const MAX_BATCH_REQUESTS = 100;

/** Carries out a valid request; `null` for a notification. Never rejects. */
export type Dispatch = (request: JSONRPCRequest) => Promise<JSONRPCResponse | null>;

/**
 * Answers the text of one message as the JSON-RPC 2.0 specification has it, in front of a library that differs from it:
 * json-rpc-2.0 1.8.1 answers a batch of one with a bare object and takes a string for params, true for an id and a
 * number for a method. The requests of a batch are carried out one after the other, so that later ones may build on
 * earlier ones.
 * @returns the answer as JSON; `undefined` when there is none, as for notifications
 */
export async function handleMessage(text: string, dispatch: Dispatch): Promise<string | undefined> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return JSON.stringify(parseError('the message is not JSON', framingHint(text)));
  }
  if (!Array.isArray(message)) return handleRequest(message, dispatch);
  if (message.length === 0) return JSON.stringify(invalidRequest(null, 'the batch is empty'));
  if (message.length > MAX_BATCH_REQUESTS) return JSON.stringify(batchTooLarge(message.length));
  const responses: string[] = [];
  for (const request of message) {
    const answer = await handleRequest(request, dispatch);
    if (answer !== undefined) responses.push(answer);
  }
  return responses.length === 0 ? undefined : `[${responses.join(',')}]`;
}

async function handleRequest(value: unknown, dispatch: Dispatch): Promise<string | undefined> {
  const checked = checkRequest(value);
  if ('refusal' in checked) return JSON.stringify(checked.refusal);
  const response = await dispatch(checked.request);
  if (response === null) return undefined;
  try {
    return JSON.stringify(response);
  } catch (error) {
    return JSON.stringify(toErrorResponse(response.id, error));
  }
}

function batchTooLarge(length: number) {
  return invalidRequest(
    null,
    `a batch may have ${MAX_BATCH_REQUESTS} requests, this one has ${length}`,
    'None of it was carried out: send it in several batches.',
  );
}

/** A client that speaks the other framing would otherwise wait for an answer that never comes. */
function framingHint(text: string): string | undefined {
  return /^content-(length|type)\s*:/i.test(text)
    ? 'Start quickscrape rpc with --framing content-length for messages with headers.'
    : undefined;
}
