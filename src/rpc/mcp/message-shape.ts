/** The answer to something that is no message of MCP: whose it is, if that can be told, and what is wrong. */
export interface Refusal {
  id: string | number | null;
  error: { code: -32600; message: string };
}

/**
 * What MCP asks of a message beyond JSON (revisions 2025-06-18 and later): one object, no batch; `jsonrpc` "2.0"; an id
 * that is a string or a whole number; a method that is a string, or else an answer with `result` or `error`.
 * `undefined` when it is one.
 */
export function refusalOf(value: unknown): Refusal | undefined {
  if (Array.isArray(value)) return refused(null, 'MCP has no batches: send one message a line');
  if (typeof value !== 'object' || value === null) return refused(null, 'a message is a JSON object');
  const { id } = value as Record<string, unknown>;
  const hasId = 'id' in value;
  if (hasId && !isId(id)) return refused(null, '"id" has to be a string or a whole number');
  const why = reason(value as Record<string, unknown>, hasId);
  return why === undefined ? undefined : refused(hasId ? (id as string | number) : null, why);
}

function reason(message: Record<string, unknown>, hasId: boolean): string | undefined {
  if (message['jsonrpc'] !== '2.0') return '"jsonrpc" has to be "2.0"';
  if ('method' in message) {
    if (typeof message['method'] !== 'string') return '"method" has to be a string';
    const { params } = message;
    if (params === undefined || isFields(params)) return undefined;
    return '"params" has to be an object';
  }
  if (!hasId) return 'a message has a "method", or the "id" of a request that it answers';
  return isAnswer(message) ? undefined : 'an answer has either an object as "result" or an "error"';
}

function isAnswer(message: Record<string, unknown>): boolean {
  if ('error' in message === 'result' in message) return false;
  if ('result' in message) return isFields(message['result']);
  const { error } = message;
  return isFields(error) && Number.isInteger(error['code']) && typeof error['message'] === 'string';
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(id: unknown): boolean {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

function refused(id: string | number | null, why: string): Refusal {
  return { id, error: { code: -32600, message: `Invalid Request: ${why}` } };
}
