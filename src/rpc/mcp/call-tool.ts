import type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import { pluralize } from '../../core/lib/text.ts';
import type { Operation } from '../../core/operations/define-operation.ts';
import { isReadOnly, type SessionCall } from '../access/session.ts';
import { createRowChooser } from './choose-rows.ts';
import { askConsent } from './consent.ts';
import type { OpenHome } from './open-home.ts';
import { buildToolResult, toolPageRoom } from './tool-result.ts';

const MAX_CLIENT_NAME_LENGTH = 100;

/** Name and version of the client, as it reports them in either era of the protocol; `undefined` if it does not. */
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

/**
 * A signal that is aborted when either of two is aborted; `release` removes the listeners. (`AbortSignal.any` leaks in
 * Node 20.)
 */
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
 * Reports the progress of a run or a test run, if the client sent a progress token. Progress counts pages and never falls (MCP,
 * "Progress"): a new attempt sends nothing until it passes the last value.
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
    const message = `${run_id === undefined ? '' : `${run_id} `}${status}: ${pluralize(Number(pages), 'page')}, ${pluralize(Number(items), 'item')}`;
    const params = { progressToken, progress: done, message, ...(total !== undefined && { total }) };
    // The client may have gone; other code detects that.
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}

type Fields = Record<string, unknown>;

/** The context of a tool call. */
interface ToolCallContext {
  home: OpenHome;
  context: ServerContext;
  server: McpServer;
  /** Aborted at the end of input: waiting calls are then answered with the result so far. */
  ending: AbortSignal;
}

/** Runs a tool call and converts its answer for a model. @throws QuickscrapeError the session's errors */
export async function callTool(
  operation: Operation,
  params: Fields,
  parts: ToolCallContext,
): Promise<CallToolResult | InputRequiredResult> {
  // A read-only call needs no consent, no cancellation and no progress.
  return isReadOnly(operation)
    ? callAndBuildResult(operation, params, parts.home, {})
    : callWithConsent(operation, params, parts);
}

/**
 * Runs a call that changes something or accesses the web: it may need consent, can be cancelled, and reports progress.
 */
async function callWithConsent(
  operation: Operation,
  params: Fields,
  { home, context, server, ending }: ToolCallContext,
): Promise<CallToolResult | InputRequiredResult> {
  const instead = await askConsent(operation, params, home.workspace, context, server);
  if (instead !== undefined) return instead;
  const onProgress = createProgressReporter(context);
  const { signal, release } = anySignal(context.mcpReq.signal, ending);
  const chooser = createRowChooser(context, server);
  try {
    const call = {
      signal,
      client: clientName(context, server),
      ...(onProgress && { onProgress }),
      ...(chooser && { chooseRows: chooser.chooseRows }),
    };
    const result = await callAndBuildResult(operation, params, home, call);
    return chooser?.pending() ?? result;
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
  const room = toolPageRoom(name, params);
  const answer = await session.call(name, params, { ...how, ...(room && { room }) });
  return buildToolResult(name, params, answer);
}
