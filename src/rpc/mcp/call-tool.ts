import type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { Operation } from '../../core/operations/define-operation.ts';
import type { SessionCall } from '../access/session.ts';
import { isReadOnly } from '../access/session.ts';
import { buildToolResult } from './build-tool-result.ts';
import { askConsent } from './consent.ts';
import type { OpenHome } from './open-home.ts';

const MAX_CLIENT_NAME_LENGTH = 100;

/** Name and version of the client as it says them, in either era of the protocol; `undefined` when it does not. */
function clientName({ mcpReq }: ServerContext, server: McpServer): string | undefined {
  const { envelope } = mcpReq as { envelope?: Record<string, unknown> };
  const info = (envelope?.['io.modelcontextprotocol/clientInfo'] ?? server.server.getClientVersion()) as
    | { name?: unknown; version?: unknown }
    | undefined;
  if (typeof info?.name !== 'string') return undefined;
  return `${info.name} ${typeof info.version === 'string' ? info.version : ''}`
    .trim()
    .slice(0, MAX_CLIENT_NAME_LENGTH);
}

/** A signal that is aborted with the first of two; `release` lets go of them. (`AbortSignal.any` leaks in Node 20.) */
function anySignal(one: AbortSignal, other: AbortSignal): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of [one, other]) {
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    release() {
      for (const signal of [one, other]) signal.removeEventListener('abort', abort);
    },
  };
}

/**
 * Tells the client how far a run has come, where it asked for that by a progress token. Progress is in pages and only
 * ever rises (MCP, "Progress"); a new attempt begins again silently.
 */
function createProgressReporter({
  mcpReq,
}: ServerContext): ((run: Record<string, unknown>) => void) | undefined {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let last = -1;
  return ({ run_id, status, pages, items, progress }) => {
    const done = Number(pages);
    if (done <= last) return;
    last = done;
    const share = Number(progress);
    const total = share > 0 ? Math.max(done, Math.round(done / share)) : undefined;
    const message = `${run_id} ${status}: ${pages} pages, ${items} items`;
    const params = { progressToken, progress: done, message, ...(total !== undefined && { total }) };
    // The client may be gone by now: that is noticed elsewhere.
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}

type Fields = Record<string, unknown>;

/** What a call comes by. */
interface ToolCallContext {
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
