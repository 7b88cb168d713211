import { McpServer } from '@modelcontextprotocol/server';
import { VERSION } from '../../core/lib/version.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { LazyWorkspace } from './lazy-workspace.ts';
import { registerPrompts } from './prompts.ts';
import type { ResourceUpdates } from './resource-updates.ts';
import { registerResources } from './resources.ts';
import { registerTools } from './tools.ts';

export interface McpParts {
  lazyWorkspace: LazyWorkspace;
  updates: ResourceUpdates;
  /** Aborted when no more input comes. */
  ending: AbortSignal;
  /** Told of what went wrong in us. */
  failed(error: unknown): void;
}

/** Makes the server for one connection, or for the probe of a client that then opens in the other era. */
export function makeServer(era: 'legacy' | 'modern', parts: McpParts): McpServer {
  const { lazyWorkspace, updates, ending, failed } = parts;
  const server = new McpServer(
    { name: 'quickscrape-jobs', title: 'QuickScrape Jobs', version: VERSION },
    {
      instructions: INSTRUCTIONS,
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true, listChanged: true } },
    },
  );
  registerTools(server, lazyWorkspace, ending, failed);
  registerResources(server, lazyWorkspace);
  registerPrompts(server, lazyWorkspace);
  if (era === 'legacy') updates.addSubscriptions(server);
  else updates.addListener(server);
  return server;
}
