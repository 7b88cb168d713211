import type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { Operation } from '../../core/operations/define-operation.ts';
import { isReadOnly, type SessionCall } from '../access/session.ts';
import { anySignal } from './any-signal.ts';
import { buildToolResult } from './build-tool-result.ts';
import { clientName } from './client-name.ts';
import { askConsent } from './consent.ts';
import type { OpenHome } from './open-home.ts';
import { createProgressReporter } from './progress-reporter.ts';

type Fields = Record<string, unknown>;

/** What a call comes by. */
export interface ToolCallContext {
  home: OpenHome;
  context: ServerContext;
  server: McpServer;
  /** Aborted at the end of input: what waits is answered as it is then. */
  ending: AbortSignal;
}

/**
 * Carries out a tool call, and makes its answer one for a model.
 * @throws QuickscrapeError what the session throws
 */
export async function callTool(
  operation: Operation,
  params: Fields,
  parts: ToolCallContext,
): Promise<CallToolResult | InputRequiredResult> {
  // What only looks has nothing to be asked, called off or told meanwhile.
  return isReadOnly(operation)
    ? callAndBuildResult(operation, params, parts.home, {})
    : callWithConsent(operation, params, parts);
}

/** What changes something or reaches out: it may have to be agreed to, may take long, and tells how far it has come. */
async function callWithConsent(
  operation: Operation,
  params: Fields,
  { home, context, server, ending }: ToolCallContext,
): Promise<CallToolResult | InputRequiredResult> {
  const instead = await askConsent(operation, params, home.workspace, context, server);
  if (instead !== undefined) return instead;
  const onProgress = createProgressReporter(context);
  const { signal, release } = anySignal(context.mcpReq.signal, ending);
  try {
    const call = { signal, client: clientName(context, server), ...(onProgress && { onProgress }) };
    return await callAndBuildResult(operation, params, home, call);
  } finally {
    release();
  }
}

async function callAndBuildResult(
  { name }: Operation,
  params: Fields,
  { session }: OpenHome,
  how: SessionCall,
): Promise<CallToolResult> {
  const call = (asked: Fields) => session.call(name, asked, how);
  return buildToolResult(name, params, await call(params), call);
}
