import { McpServer } from '@modelcontextprotocol/server';
import { VERSION } from '../../core/lib/version.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { LazyWorkspace } from './lazy-workspace.ts';
import { registerPrompts } from './prompts.ts';
import type { ResourceUpdates } from './resource-updates.ts';
import { registerResources } from './resources.ts';
import { registerTools, type ToolParts } from './tools.ts';

export interface McpParts extends ToolParts {
  lazyWorkspace: LazyWorkspace;
  updates: ResourceUpdates;
}

/** Makes the server for one connection, or for the probe of a client that then opens in the other era. */
export function makeServer(era: 'legacy' | 'modern', parts: McpParts): McpServer {
  const { lazyWorkspace, updates } = parts;
  const server = new McpServer(
    { name: 'quickscrape-jobs', title: 'QuickScrape Jobs', version: VERSION },
    {
      instructions: INSTRUCTIONS,
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true, listChanged: true } },
    },
  );
  registerTools(server, lazyWorkspace, parts);
  registerResources(server, lazyWorkspace);
  registerPrompts(server, lazyWorkspace);
  if (era === 'legacy') updates.addSubscriptions(server);
  else updates.addListener(server);
  return server;
}
