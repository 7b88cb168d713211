import {
  type ClientCapabilities,
  type ElicitRequest,
  type ElicitRequestFormParams,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  SdkError,
  SdkErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** A question to the person. */
export interface Question {
  /** The name of the question in its call. */
  key: string;
  message: string;
  requestedSchema: Parameters<typeof inputRequired.elicit>[0]['requestedSchema'];
}

/** What became of a question. */
export type PersonAnswer =
  /** `result` is the question, as the answer to the call; the client calls again with the person's answer. */
  | { kind: 'pending'; result: InputRequiredResult }
  /** `content` was filled in by the client: it may hold anything. It is empty unless the action is `accept`. */
  | { kind: 'answered'; action: 'accept' | 'decline' | 'cancel'; content: Record<string, unknown> }
  /** The client did not ask, or asked and gave no valid answer. */
  | { kind: 'failed'; why: string; wasAsked: boolean };

/** How long a person may take to answer. */
const QUESTION_TIMEOUT_MS = 600_000;

/**
 * Asks the person by a form (MCP, "Elicitation"). Until 2025-11-25 the question is a request to the client; from
 * 2026-07-28 on it is the result of the call, and the answer comes with the next call.
 * @throws the reason of the call's end, if the client cancels it meanwhile
 */
export async function askPerson(
  context: ServerContext,
  { key, ...question }: Question,
): Promise<PersonAnswer> {
  const request = inputRequired.elicit(question);
  let { inputResponses: responses } = context.mcpReq;
  if (!isModern(context)) {
    // The SDK would ask, too, but a question that fails would be a result with a text of its own.
    try {
      const { signal } = context.mcpReq;
      const { params } = request as ElicitRequest;
      const asked = { method: 'elicitation/create', params } as const;
      responses = { [key]: await context.mcpReq.send(asked, { timeout: QUESTION_TIMEOUT_MS, signal }) };
    } catch (error) {
      if (context.mcpReq.signal.aborted) throw error;
      const isInvalid = error instanceof SdkError && error.code === SdkErrorCode.InvalidResult;
      const why = isInvalid ? 'the client sent an invalid answer' : (error as Error).message;
      return { kind: 'failed', why, wasAsked: isInvalid };
    }
  }
  const response = inputResponse(responses, key);
  if (response.kind !== 'elicit')
    return { kind: 'pending', result: inputRequired({ inputRequests: { [key]: request } }) };
  const { action, content = {} } = response;
  return { kind: 'answered', action, content: action === 'accept' ? content : {} };
}

/** Without details, the capability means forms; a client may also support only URLs (MCP 2025-11-25, "Elicitation"). */
export function canElicit({ mcpReq }: ServerContext, server: McpServer): boolean {
  const { envelope } = mcpReq as { envelope?: Record<string, unknown> };
  const capabilities = (envelope?.['io.modelcontextprotocol/clientCapabilities'] ??
    server.server.getClientCapabilities()) as ClientCapabilities | undefined;
  const { form, url } = capabilities?.elicitation ?? { url: {} };
  return form !== undefined || url === undefined;
}

type FormField = ElicitRequestFormParams['requestedSchema']['properties'][string];

/**
 * A field in which the person chooses one of several titles. Until 2025-06-18, titles are `enumNames`.
 * @param options the values with their titles
 */
export function choiceField(
  title: string,
  options: readonly { value: string; title: string }[],
  context: ServerContext,
  server: McpServer,
): FormField {
  const isOld = !isModern(context) && server.server.getNegotiatedProtocolVersion() !== '2025-11-25';
  return isOld
    ? {
        type: 'string',
        title,
        enum: options.map(({ value }) => value),
        enumNames: options.map((option) => option.title),
      }
    : {
        type: 'string',
        title,
        oneOf: options.map((option) => ({ const: option.value, title: option.title })),
      };
}

/** Whether the request is of the era in which a question is a result, and its answer comes with the next request. */
function isModern({ mcpReq }: ServerContext): boolean {
  return (mcpReq as { envelope?: unknown }).envelope !== undefined;
}
