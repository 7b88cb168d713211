import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  PROTOCOL_VERSION_META_KEY,
  UnsupportedProtocolVersionError,
} from '@modelcontextprotocol/server';
import { isRecord, protoField } from '../../core/lib/json.ts';

/** The answer to an invalid MCP message: its id, if that can be found, and the error. */
export interface Refusal {
  id: string | number | null;
  error: { code: number; message: string; data?: unknown };
}

const LIST_METHODS = ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'];

/** Revisions that a request may name itself; `initialize` negotiates the earlier ones. */
const PER_REQUEST_VERSIONS = ['2026-07-28'];

/**
 * Checks what MCP requires of a message beyond JSON (revisions 2025-06-18 and later): one object, no batch; `jsonrpc`
 * "2.0"; an id that is a string or an integer; a method that is a string, or else `result` or `error`. Of a request it
 * also checks two things that the SDK does not: the revision that each one names (2026-07-28, "Versioning"), and fields
 * that the SDK would drop.
 * @returns `undefined` for a valid message
 */
export function validateMessage(value: unknown): Refusal | undefined {
  if (Array.isArray(value)) return refused(null, 'MCP does not support batches: send one message per line');
  if (typeof value !== 'object' || value === null) return refused(null, 'a message must be a JSON object');
  const { id } = value as Record<string, unknown>;
  const hasId = 'id' in value;
  if (hasId && !isId(id)) return refused(null, '"id" has to be a string or a whole number');
  const message = value as Record<string, unknown>;
  const why =
    findProblem(message, hasId) ??
    (!hasNoMeta(message) && !isAcceptedBySdk(dropUnknownMembers(message)) ? INVALID_META : undefined);
  if (why === undefined) return validateParams(message);
  // The id of a response is one of ours, and the client could take our answer for the answer to its own request.
  const isResponse = !('method' in message) && ('result' in message || 'error' in message);
  return refused(hasId && !isResponse ? (id as string | number) : null, why);
}

function validateParams({ id, method, params }: Record<string, unknown>): Refusal | undefined {
  if (method === undefined || id === undefined || !isRecord(params)) return undefined;
  const asked = id as string | number;
  const field = protoField(params);
  if (field !== undefined)
    return { id: asked, error: { code: -32602, message: `Invalid params: ${field}: unknown field` } };
  // Each list is one page, so no cursor was ever returned (MCP, "Pagination": "Invalid cursors SHOULD result in"
  // -32602).
  if (LIST_METHODS.includes(String(method)) && params['cursor'] !== undefined)
    return { id: asked, error: { code: -32602, message: `Invalid params: cursor: ${method} has one page` } };
  const requested = (params['_meta'] as Record<string, unknown> | undefined)?.[PROTOCOL_VERSION_META_KEY];
  if (typeof requested !== 'string' || PER_REQUEST_VERSIONS.includes(requested)) return undefined;
  const { code, message, data } = new UnsupportedProtocolVersionError({
    supported: PER_REQUEST_VERSIONS,
    requested,
  });
  return { id: asked, error: { code, message, data } };
}

/** In a request without `_meta`, everything else is already checked. */
function hasNoMeta({ method, params }: Record<string, unknown>): boolean {
  return method !== undefined && !(isRecord(params) && '_meta' in params);
}

/** The SDK silently drops any other message. */
function isAcceptedBySdk(message: JSONRPCMessage): boolean {
  return isJSONRPCRequest(message) || isJSONRPCNotification(message) || isJSONRPCResponse(message);
}

const INVALID_META = '"_meta" does not follow the MCP specification';

/**
 * Removes parts for which the SDK would refuse a message: members unknown to JSON-RPC, and `null` as a tool's
 * arguments, which some clients send for "none".
 */
export function dropUnknownMembers(message: Record<string, unknown>): JSONRPCMessage {
  const isKnown = (name: string) => MEMBERS.includes(name);
  const { params } = message;
  const noArguments = isRecord(params) && params['arguments'] === null;
  if (!noArguments && Object.keys(message).every(isKnown)) return message as unknown as JSONRPCMessage;
  const known = Object.fromEntries(Object.entries(message).filter(([name]) => isKnown(name)));
  if (!noArguments) return known as unknown as JSONRPCMessage;
  const { arguments: _, ...rest } = params;
  return { ...known, params: rest } as unknown as JSONRPCMessage;
}

const MEMBERS = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'];

function findProblem(message: Record<string, unknown>, hasId: boolean): string | undefined {
  if (message['jsonrpc'] !== '2.0') return '"jsonrpc" has to be "2.0"';
  if ('method' in message) {
    if (typeof message['method'] !== 'string') return '"method" has to be a string';
    if ('result' in message || 'error' in message) return 'a message is a request or an answer, not both';
    const { params } = message;
    if (params === undefined) return undefined;
    return isRecord(params) ? findMetaProblem(params['_meta']) : '"params" has to be an object';
  }
  if (!hasId) return 'a message has a "method", or the "id" of a request that it answers';
  return isResponse(message) ? undefined : 'an answer has either an object as "result" or an "error"';
}

function findMetaProblem(meta: unknown): string | undefined {
  if (meta === undefined) return undefined;
  if (!isRecord(meta)) return '"_meta" has to be an object';
  const { progressToken } = meta;
  if (progressToken === undefined || isId(progressToken)) return undefined;
  return '"progressToken" has to be a string or a whole number';
}

function isResponse(message: Record<string, unknown>): boolean {
  if ('error' in message === 'result' in message) return false;
  if ('result' in message) return isRecord(message['result']);
  const { error } = message;
  return isRecord(error) && Number.isInteger(error['code']) && typeof error['message'] === 'string';
}

function isId(id: unknown): boolean {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

function refused(id: string | number | null, why: string): Refusal {
  return { id, error: { code: -32600, message: `Invalid Request: ${why}` } };
}
