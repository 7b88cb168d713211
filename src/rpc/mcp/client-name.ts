import type { McpServer, ServerContext } from '@modelcontextprotocol/server';

const MAX_CLIENT_NAME_LENGTH = 100;

/** Name and version of the client as it says them, in either era of the protocol; `undefined` when it does not. */
export function clientName({ mcpReq }: ServerContext, server: McpServer): string | undefined {
  const { envelope } = mcpReq as { envelope?: Record<string, unknown> };
  const info = (envelope?.['io.modelcontextprotocol/clientInfo'] ?? server.server.getClientVersion()) as
    | { name?: unknown; version?: unknown }
    | undefined;
  if (typeof info?.name !== 'string') return undefined;
  return `${info.name} ${typeof info.version === 'string' ? info.version : ''}`
    .trim()
    .slice(0, MAX_CLIENT_NAME_LENGTH);
}
