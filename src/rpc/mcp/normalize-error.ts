import { truncateMiddle } from '../../core/lib/text.ts';
import { OPERATION_NAMES } from '../../core/operations/table.ts';

interface ProtocolError {
  code: number;
  message: string;
  data?: unknown;
}

const MAX_NAMED_ISSUES = 5;
/**
 * Only the policy hides tools. The SDK says the same of names that every JavaScript object has, such as `constructor`.
 */
const NOT_EXPOSED =
  'is not served: this server was started with --read-only. What changes something has to be done by the person';

/** The length limit of a protocol error and of each text in its data, in bytes: both may repeat input. */
const MAX_TEXT_BYTES = 400;

/**
 * Rewrites the SDK's errors for malformed requests. The SDK sends zod's findings as the message, mostly as an internal
 * error. It is the client's error: -32602 (JSON-RPC 2.0, 5.1), in plain words. Quotations of the request are shortened.
 */
export function normalizeError(error: ProtocolError): ProtocolError {
  const { message, data, ...rest } = rewordSdkError(error);
  return {
    ...rest,
    message: truncateMiddle(message, MAX_TEXT_BYTES),
    ...(data !== undefined && { data: truncateTexts(data) }),
  };
}

function truncateTexts(data: unknown): unknown {
  if (typeof data === 'string') return truncateMiddle(data, MAX_TEXT_BYTES);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, truncateTexts(value)]));
}

function rewordSdkError(error: ProtocolError): ProtocolError {
  if (error.code !== -32603 && error.code !== -32602) return error;
  const [, kind, name = ''] = /^(Tool|Prompt) (.*) disabled$/.exec(error.message) ?? [];
  if (kind !== undefined) {
    const isHidden = kind === 'Tool' && OPERATION_NAMES.some((known) => known === name);
    return { code: error.code, message: `${kind} ${name} ${isHidden ? NOT_EXPOSED : 'not found'}` };
  }
  const issues = parseIssues(error.message);
  if (issues === undefined) return error;
  const named = issues.slice(0, MAX_NAMED_ISSUES).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { code: -32602, message: `Invalid params: ${named.join('; ')}` };
}

function parseIssues(text: string): { path: PropertyKey[]; message: string }[] | undefined {
  const dump = text.replace(/^Invalid (?:[\w/]+ request|result for [\w/]+): /, '');
  if (!dump.startsWith('[')) return undefined;
  try {
    const issues: unknown = JSON.parse(dump);
    return Array.isArray(issues) && issues.length > 0 && issues.every(isIssue) ? issues : undefined;
  } catch {
    return undefined;
  }
}

function isIssue(value: unknown): boolean {
  const { path, message } = Object(value) as { path?: unknown; message?: unknown };
  return Array.isArray(path) && typeof message === 'string';
}
