import { McpServer } from '@modelcontextprotocol/server';
import { VERSION } from '../../core/version.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { LateHome } from './late-home.ts';
import type { LiveUpdates } from './live-updates.ts';
import { addPrompts } from './prompts.ts';
import { addResources } from './resources.ts';
import { addTools } from './tools.ts';

export interface McpParts {
  late: LateHome;
  updates: LiveUpdates;
  /** Aborted when no more input comes. */
  ending: AbortSignal;
  /** Told of what went wrong in us. */
  failed(error: unknown): void;
}

/** Makes the server for one connection, or for the probe of a client that then opens in the other era. */
export function makeServer(era: 'legacy' | 'modern', parts: McpParts): McpServer {
  const { late, updates, ending, failed } = parts;
  const server = new McpServer(
    { name: 'quickscrape-jobs', title: 'QuickScrape Jobs', version: VERSION },
    {
      instructions: INSTRUCTIONS,
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true, listChanged: true } },
    },
  );
  addTools(server, late, ending, failed);
  addResources(server, late);
  addPrompts(server, late);
  if (era === 'legacy') updates.addSubscriptions(server);
  else updates.addListening(server);
  return server;
}
