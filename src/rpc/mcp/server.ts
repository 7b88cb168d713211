import { McpServer } from '@modelcontextprotocol/server';
import { VERSION } from '../../core/version.ts';
import type { Workspace } from '../../core/workspace.ts';
import type { Session } from '../session.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { LiveUpdates } from './live-updates.ts';
import { addPrompts } from './prompts.ts';
import { addResources } from './resources.ts';
import { addTools, type ToolSchemas } from './tools.ts';

export interface McpParts {
  workspace: Workspace;
  session: Session;
  schemas: readonly ToolSchemas[];
  updates: LiveUpdates;
  /** Aborted when no more input comes. */
  ending: AbortSignal;
  /** Told of what went wrong in us. */
  failed(error: unknown): void;
}

/** Makes the server for one connection, or for the probe of a client that then opens in the other era. */
export function makeServer(era: 'legacy' | 'modern', parts: McpParts): McpServer {
  const { workspace, session, schemas, updates, ending, failed } = parts;
  const server = new McpServer(
    { name: 'quickscrape-jobs', title: 'QuickScrape Jobs', version: VERSION },
    {
      instructions: INSTRUCTIONS,
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true, listChanged: true } },
    },
  );
  addTools(server, schemas, session, ending, failed);
  addResources(server, session, workspace);
  addPrompts(server, workspace);
  if (era === 'legacy') updates.addSubscriptions(server);
  else updates.addListening(server);
  return server;
}
