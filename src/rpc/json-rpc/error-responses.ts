import { createJSONRPCErrorResponse, type JSONRPCErrorResponse, type JSONRPCID } from 'json-rpc-2.0';
import { closestNames } from '../../core/lib/closest-names.ts';
import { ERROR_CODES, QuickscrapeError } from '../../core/lib/errors.ts';
import type { FormatHint } from '../../core/lib/hints.ts';

/** The numbers that the protocol itself has (JSON-RPC 2.0 §5.1), and the server error that is ours. */
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

/** What came is not JSON, or not a message at all. */
export function parseError(reason: string, hint?: string): JSONRPCErrorResponse {
  return protocolError(null, 'parse_error', `Parse error: ${reason}`, hint);
}

export function invalidRequest(id: JSONRPCID, reason: string, hint?: string): JSONRPCErrorResponse {
  return protocolError(id, 'invalid_request', `Invalid Request: ${reason}`, hint);
}

/** @param methods those that there are */
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

/** The server does not take the request now; asking again later may help. */
export function unavailable(id: JSONRPCID, message: string, hint: string): JSONRPCErrorResponse {
  return protocolError(id, 'unavailable', message, hint);
}

/**
 * What a method threw: the number of the error's code (docs/reference/exit-codes.md) and its `data`. An unforeseen error says only that it happened: its text
 * may name paths or secrets.
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
    hint: 'This is a fault of quickscrape; what it was stands on the stderr of quickscrape rpc.',
  });
}
