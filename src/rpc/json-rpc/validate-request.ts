import type { JSONRPCErrorResponse, JSONRPCID, JSONRPCRequest } from 'json-rpc-2.0';
import { invalidRequest } from './error-responses.ts';

/**
 * Checks whether a JSON value is a request object by JSON-RPC 2.0 §4; if not, returns the -32600 response. The response
 * has the request's id if that is valid, else null. `null` for params, which §4.2 does not allow, counts as absent.
 */
export function validateRequest(
  value: unknown,
): { request: JSONRPCRequest } | { refusal: JSONRPCErrorResponse } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(null, 'a request must be an object');
  const { jsonrpc, method, params, id } = value as Record<string, unknown>;
  const has = (member: string): boolean => Object.hasOwn(value, member);
  if (!has('method') && (has('result') || has('error')))
    // With its id, the client could take it for the answer to one of its own requests.
    return refused(null, 'this is a response, and quickscrape asks nothing of its clients');
  if (has('id') && !isId(id))
    return refused(null, 'id must be a string, null or a number (integers only up to 2^53)');
  const answerTo = isId(id) ? id : null;
  if (jsonrpc !== '2.0') return refused(answerTo, 'jsonrpc must be "2.0"');
  if (typeof method !== 'string') return refused(answerTo, 'method must be a string');
  // Emacs' jsonrpc.el sends it: its language does not distinguish null from an absent value.
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
