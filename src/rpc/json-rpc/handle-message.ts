import type { JSONRPCRequest, JSONRPCResponse } from 'json-rpc-2.0';
import { programCommand } from '../../core/lib/installation.ts';
import { invalidRequest, parseError, toErrorResponse } from './error-responses.ts';
import { validateRequest } from './validate-request.ts';

/** The most requests in one batch. */
const MAX_BATCH_REQUESTS = 100;

/** Runs a valid request; `null` for a notification. Never rejects. */
type Dispatch = (request: JSONRPCRequest) => Promise<JSONRPCResponse | null>;

/**
 * Answers one message as the JSON-RPC 2.0 specification requires. It runs in front of json-rpc-2.0 1.8.1, which differs
 * from it: the library answers a batch of one with a bare object. It also accepts a string for params, true for an id
 * and a number for a method. The requests of a batch run one after the other, so that later ones can build on earlier
 * ones.
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
  const checked = validateRequest(value);
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
    'Nothing in it was executed: split it into several batches.',
  );
}

/** Without it, a client that uses the other framing would wait for an answer that never comes. */
function framingHint(text: string): string | undefined {
  return /^content-(length|type)\s*:/i.test(text)
    ? `Start ${programCommand()} rpc with --framing content-length for messages with headers.`
    : undefined;
}
