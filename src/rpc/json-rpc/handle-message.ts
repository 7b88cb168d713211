import type { JSONRPCErrorResponse, JSONRPCID, JSONRPCRequest, JSONRPCResponse } from 'json-rpc-2.0';
import { invalidRequest, parseError, toErrorResponse } from './error-responses.ts';

/**
 * Checks whether a JSON value is a request object by JSON-RPC 2.0 §4; if not, returns the -32600 response. The response
 * has the request's id if that is valid, else null. `null` for params, which §4.2 does not allow, counts as absent.
 */
function checkRequest(value: unknown): { request: JSONRPCRequest } | { refusal: JSONRPCErrorResponse } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(null, 'a request must be an object');
  const { jsonrpc, method, params, id } = value as Record<string, unknown>;
  const has = (member: string): boolean => Object.hasOwn(value, member);
  if (!has('method') && (has('result') || has('error')))
    // With its id, the client could take it for the answer to one of its own requests.
    return refused(null, 'this is a response, and quickscrape asks nothing of its clients');
  if (has('id') && !isId(id))
    return refused(null, 'id must be a string, null, or a number that is no integer beyond 2^53');
  const answerTo = isId(id) ? id : null;
  if (jsonrpc !== '2.0') return refused(answerTo, 'jsonrpc must be "2.0"');
  if (typeof method !== 'string') return refused(answerTo, 'method must be a string');
  // Editors whose language has one value for null and for nothing send it (Emacs' jsonrpc.el).
  if (params === null) return { request: { ...(value as JSONRPCRequest), params: undefined } };
  if (has('params') && typeof params !== 'object')
    return refused(answerTo, 'params must be an object; leave it out when there are none');
  return { request: value as JSONRPCRequest };
}

function refused(id: JSONRPCID, reason: string): { refusal: JSONRPCErrorResponse } {
  return { refusal: invalidRequest(id, reason) };
}

/** An id must be returned unchanged, which is not possible for every number. */
function isId(id: unknown): id is JSONRPCID {
  if (id === null || typeof id === 'string') return true;
  return typeof id === 'number' && Number.isFinite(id) && (!Number.isInteger(id) || Number.isSafeInteger(id));
}

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
    'Nothing in it was executed: split it into several batches.',
  );
}

/** Without it, a client that uses the other framing would wait for an answer that never comes. */
function framingHint(text: string): string | undefined {
  return /^content-(length|type)\s*:/i.test(text)
    ? 'Start quickscrape rpc with --framing content-length for messages with headers.'
    : undefined;
}
