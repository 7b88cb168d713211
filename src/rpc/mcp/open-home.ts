import { openWorkspace, type Workspace } from '../../core/workspace.ts';
import { operationHints } from '../access/operation-hints.ts';
import type { Policy } from '../access/policy.ts';
import { exposedOperations, Session } from '../access/session.ts';
import { createToolDefinitions, type ToolDefinition } from './tool-definitions.ts';

/** The dependencies of a server's tools, resources and prompts. */
export interface OpenHome {
  workspace: Workspace;
  session: Session;
  /** The offered tools by name. */
  tools: ReadonlyMap<string, ToolDefinition>;
}

export interface OpenHomeOptions {
  /** The home folder, if not the default one. */
  home: string | undefined;
  policy: Policy;
  /** Logs a message for people. */
  log(message: string): void;
}

/** @throws QuickscrapeError `home_not_found` when there is none, and the errors of opening a home */
export async function openHome({ home, policy, log }: OpenHomeOptions): Promise<OpenHome> {
  const workspace = openWorkspace({
    home,
    actor: 'mcp',
    formatHint: operationHints(await exposedOperations(policy)),
    missing: 'refuse',
  });
  for (const notice of workspace.db.takeNotices()) log(`note: ${notice}`);
  const session = await Session.open(workspace, { face: 'mcp', policy, log });
  return { workspace, session, tools: createToolDefinitions(session, policy) };
}

/** The tools that are offered while there is no home. */
export async function toolsWithoutHome({
  policy,
}: Pick<OpenHomeOptions, 'policy'>): Promise<OpenHome['tools']> {
  return createToolDefinitions({ exposed: await exposedOperations(policy) }, policy);
}
