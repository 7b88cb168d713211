import {
  acceptedContent,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';

/** Operations that a person is asked about first, where the client can ask one. */
const ASKED = ['delete_job', 'delete_config', 'cancel_run'];

const ANSWER = z.object({ confirm: z.boolean().meta({ title: 'Yes, do it' }) });
const KEY = 'consent';

/**
 * Asks the person by elicitation, in either era of the protocol, before something is deleted or cancelled.
 * @returns what to answer instead of going on: the question, or that it was declined; `undefined` to go on
 */
export function askConsent(
  operation: string,
  params: Record<string, unknown>,
  context: ServerContext,
  server: McpServer,
): CallToolResult | InputRequiredResult | undefined {
  if (!ASKED.includes(operation) || params['dry_run'] === true || !canAsk(context, server)) return undefined;
  const { inputResponses } = context.mcpReq;
  const response = inputResponse(inputResponses, KEY);
  if (response.kind === 'elicit' && response.action !== 'accept') return declined(response.action);
  if (response.kind !== 'elicit')
    return inputRequired({
      inputRequests: {
        [KEY]: inputRequired.elicit({ message: question(operation, params), requestedSchema: ANSWER }),
      },
    });
  return acceptedContent(inputResponses, KEY, ANSWER)?.confirm === true ? undefined : declined('decline');
}

function canAsk({ mcpReq }: ServerContext, server: McpServer): boolean {
  const { envelope } = mcpReq as { envelope?: Record<string, unknown> };
  const capabilities = (envelope?.['io.modelcontextprotocol/clientCapabilities'] ??
    server.server.getClientCapabilities()) as ClientCapabilities | undefined;
  return capabilities?.elicitation !== undefined;
}

function question(operation: string, params: Record<string, unknown>): string {
  const { job_id, run_id, config_name } = params;
  if (operation === 'delete_job')
    return `Delete job "${job_id}"? It waits 30 days in the trash with its history; restore_job brings it back.`;
  if (operation === 'delete_config')
    return `Delete configuration "${config_name}"? Its text waits 30 days in the trash.`;
  return `Cancel run ${run_id}? What it has scraped so far is not written.`;
}

function declined(action: string): CallToolResult {
  const how = action === 'cancel' ? 'closed the question' : 'said no';
  return { isError: true, content: [{ type: 'text', text: `The person ${how}: nothing was done.` }] };
}
