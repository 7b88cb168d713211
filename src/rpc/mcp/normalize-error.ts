import { type JSONRPCRequest, type SpecTypeName, specTypeSchemas } from '@modelcontextprotocol/server';
import { truncateMiddle } from '../../core/lib/text.ts';
import { operationOf } from './resource-uris.ts';

interface ProtocolError {
  code: number;
  message: string;
  data?: unknown;
}

type HidingFlags = (operation: string) => string | undefined;

/** The request that an error answers. */
type RefusedRequest = Pick<JSONRPCRequest, 'method' | 'params'>;

const INVALID_PARAMS = -32_602;
const INTERNAL = -32_603;
const MAX_NAMED_ISSUES = 5;
/** The length limit of a protocol error and of each text in its data, in bytes: both may repeat input. */
const MAX_TEXT_BYTES = 400;
const MAX_URI_BYTES = 120;

/** Requests about one resource. */
const RESOURCE_METHODS = ['resources/read', 'resources/subscribe'];

/**
 * Rewords the SDK's errors for malformed requests, and shortens quotations of the request. The SDK sends zod's findings
 * as the message, mostly as an internal error. It is the client's error: -32602 (JSON-RPC 2.0, 5.1), in plain words.
 * What is wrong is found in the request, never in the SDK's message.
 * @param requests the requests that the error may answer: several if the client uses an id twice
 * @param hidingFlags the flags of the server that hide an operation; `undefined` for another one
 */
export function normalizeError(
  error: ProtocolError,
  requests: readonly RefusedRequest[] = [],
  hidingFlags: HidingFlags = () => undefined,
): ProtocolError {
  const mayBeInvalid = error.code === INTERNAL || error.code === INVALID_PARAMS;
  const reasons = mayBeInvalid ? requests.map((request) => findReason(request, hidingFlags)) : [];
  const reason = reasons.find((one) => one !== undefined);
  const hidden = requests.map((request) => describeHiddenResource(request, hidingFlags)).find(Boolean);
  const shown = hidden === undefined ? error : { ...error, message: hidden };
  const { message, data, ...rest } = reason === undefined ? shown : { code: INVALID_PARAMS, message: reason };
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

/** The reason for which a resource or a template is unknown here, unlike on other servers. */
function describeHiddenResource(
  { method, params }: RefusedRequest,
  hidingFlags: HidingFlags,
): string | undefined {
  const uri = RESOURCE_METHODS.includes(method)
    ? params?.['uri']
    : (params?.['ref'] as { uri?: unknown } | undefined)?.uri;
  const operation = typeof uri === 'string' ? operationOf(uri) : undefined;
  const flags = operation === undefined ? undefined : hidingFlags(operation);
  return flags === undefined
    ? undefined
    : `Resource ${truncateMiddle(String(uri), MAX_URI_BYTES)} is not served, because ${operation} is not: ${startedWith(flags)}`;
}

/** Without such flags, an operation may be one that is offered by choice only. */
function startedWith(flags: string): string {
  if (flags === '') return 'only a server offers it that a person started with --tools or --toolsets';
  return `this server was started with ${flags}. Only the person who starts it can change that`;
}

function findReason(request: RefusedRequest, hidingFlags: HidingFlags): string | undefined {
  const { method, params } = request;
  const kind = NAMED_KINDS[method];
  const name = params?.['name'];
  if (kind !== undefined && typeof name === 'string') {
    const flags = kind === 'Tool' ? hidingFlags(name) : undefined;
    if (flags !== undefined) return `Tool ${name} is not served: ${startedWith(flags)}`;
    // The SDK finds the names that every JavaScript object has, such as `constructor`, and calls them disabled.
    if (name in {}) return `${kind} ${name} not found`;
  }
  return describeIssues(request);
}

const NAMED_KINDS: Readonly<Record<string, 'Tool' | 'Prompt'>> = {
  'tools/call': 'Tool',
  'prompts/get': 'Prompt',
};

/** The SDK's own schemas of the requests that clients send. */
const REQUEST_TYPES: Readonly<Record<string, SpecTypeName>> = {
  initialize: 'InitializeRequest',
  'server/discover': 'DiscoverRequest',
  ping: 'PingRequest',
  'logging/setLevel': 'SetLevelRequest',
  'completion/complete': 'CompleteRequest',
  'tools/list': 'ListToolsRequest',
  'tools/call': 'CallToolRequest',
  'resources/list': 'ListResourcesRequest',
  'resources/templates/list': 'ListResourceTemplatesRequest',
  'resources/read': 'ReadResourceRequest',
  'resources/subscribe': 'SubscribeRequest',
  'resources/unsubscribe': 'UnsubscribeRequest',
  'subscriptions/listen': 'SubscriptionsListenRequest',
  'prompts/list': 'ListPromptsRequest',
  'prompts/get': 'GetPromptRequest',
};

/** What is wrong with the shape of a request; `undefined` when it is valid. */
function describeIssues({ method, params }: RefusedRequest): string | undefined {
  const type = Object.hasOwn(REQUEST_TYPES, method) ? REQUEST_TYPES[method] : undefined;
  if (type === undefined) return undefined;
  const { issues } = specTypeSchemas[type]['~standard'].validate({ method, ...(params && { params }) });
  if (issues === undefined || issues.length === 0) return undefined;
  const named = issues.slice(0, MAX_NAMED_ISSUES).map(({ path = [], message }) => {
    const keys = path.map((part) => String(typeof part === 'object' ? part.key : part));
    return `${keys.join('.')}: ${message}`;
  });
  return `Invalid params: ${named.join('; ')}`;
}
