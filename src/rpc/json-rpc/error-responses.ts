import { createJSONRPCErrorResponse, type JSONRPCErrorResponse, type JSONRPCID } from 'json-rpc-2.0';
import { closestNames } from '../../core/lib/closest-names.ts';
import { ERROR_CODES, QuickscrapeError } from '../../core/lib/errors.ts';
import type { FormatHint } from '../../core/lib/hints.ts';

/** The error numbers of the protocol (JSON-RPC 2.0 §5.1), and our server error. */
const PROTOCOL_ERROR_NUMBERS = {
  parse_error: -32700,
  invalid_request: -32600,
  method_not_found: -32601,
  unavailable: -32000,
} as const;

type ProtocolErrorCode = keyof typeof PROTOCOL_ERROR_NUMBERS;

function protocolError(
  id: JSONRPCID,
  code: ProtocolErrorCode,
  message: string,
  hint?: string,
): JSONRPCErrorResponse {
  return createJSONRPCErrorResponse(id, PROTOCOL_ERROR_NUMBERS[code], message, {
    code,
    ...(hint !== undefined && { hint }),
  });
}

/** The response to text that is not JSON or not a message. */
export function parseError(reason: string, hint?: string): JSONRPCErrorResponse {
  return protocolError(null, 'parse_error', `Parse error: ${reason}`, hint);
}

export function invalidRequest(id: JSONRPCID, reason: string, hint?: string): JSONRPCErrorResponse {
  return protocolError(id, 'invalid_request', `Invalid Request: ${reason}`, hint);
}

/** @param methods the existing methods */
export function methodNotFound(
  id: JSONRPCID,
  method: string,
  methods: readonly string[],
): JSONRPCErrorResponse {
  const shown = method.length > 64 ? `${method.slice(0, 64)}…` : method;
  const close = method.length > 64 ? [] : closestNames(method, methods);
  const hint =
    close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `The methods are: ${methods.join(', ')}.`;
  return protocolError(id, 'method_not_found', `Method not found: ${shown}`, hint);
}

/** The response of a server that cannot take the request now; a later attempt may succeed. */
export function unavailable(id: JSONRPCID, message: string, hint: string): JSONRPCErrorResponse {
  return protocolError(id, 'unavailable', message, hint);
}

/**
 * Converts an error that a method threw to a response: the number of its code (docs/reference/exit-codes.md) and its
 * `data`. The response to an unexpected error contains no details, because its text may contain paths or secrets.
 */
export function toErrorResponse(
  id: JSONRPCID,
  error: unknown,
  formatHint?: FormatHint,
): JSONRPCErrorResponse {
  if (error instanceof QuickscrapeError)
    return createJSONRPCErrorResponse(id, ERROR_CODES[error.code], error.message, error.toData(formatHint));
  return createJSONRPCErrorResponse(id, ERROR_CODES.internal, 'Internal error', {
    code: 'internal',
    hint: 'This is a bug of quickscrape; details are on the stderr of quickscrape rpc.',
  });
}
