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
import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { Operation } from '../../core/operations/define-operation.ts';
import type { Workspace } from '../../core/workspace.ts';
import { toolError } from './tool-error.ts';

const QUESTION = 'Yes, do it';
const ANSWER_SCHEMA = z.object({ confirm: z.boolean().meta({ title: QUESTION }) });
const KEY = 'consent';

/**
 * Asks the person by elicitation before something is deleted or cancelled, in either era of the protocol, if the client
 * supports it.
 * @returns the answer to send instead of running the call (the question, or that it was declined); `undefined` to run
 *   it
 */
export async function askConsent(
  operation: Operation,
  params: Record<string, unknown>,
  workspace: Workspace,
  context: ServerContext,
  server: McpServer,
): Promise<CallToolResult | InputRequiredResult | undefined> {
  if (!operation.annotations.destructiveHint || !canElicit(context, server)) return undefined;
  const { consentQuestion } = await import('./consent-question.ts');
  const question = consentQuestion(operation, params, workspace);
  if (question === undefined) return undefined;
  const { inputResponses } = context.mcpReq;
  const response = inputResponse(inputResponses, KEY);
  if (response.kind === 'elicit' && response.action !== 'accept') return declined(response.action);
  if (response.kind !== 'elicit')
    return inputRequired({
      inputRequests: { [KEY]: inputRequired.elicit({ message: question, requestedSchema: ANSWER_SCHEMA }) },
    });
  return acceptedContent(inputResponses, KEY, ANSWER_SCHEMA)?.confirm === true
    ? undefined
    : declined('accept');
}

/** Without details, the capability means forms; a client may also support only URLs (MCP 2025-11-25, "Elicitation"). */
function canElicit({ mcpReq }: ServerContext, server: McpServer): boolean {
  const { envelope } = mcpReq as { envelope?: Record<string, unknown> };
  const capabilities = (envelope?.['io.modelcontextprotocol/clientCapabilities'] ??
    server.server.getClientCapabilities()) as ClientCapabilities | undefined;
  const { form, url } = capabilities?.elicitation ?? { url: {} };
  return form !== undefined || url === undefined;
}

/** The reason to report when the person did not agree, by the action of the form. */
const DECLINE_REASONS: Readonly<Record<string, string>> = {
  accept: `the person sent the form without a tick at "${QUESTION}"`,
  cancel: 'the person closed the question',
};

function declined(action: string): CallToolResult {
  const did = DECLINE_REASONS[action] ?? 'the person said no';
  return toolError(new QuickscrapeError('not_allowed', `${did}: nothing was done.`));
}
