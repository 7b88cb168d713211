import { openWorkspace, type Workspace } from '../../core/workspace.ts';
import { operationHints } from '../access/operation-hints.ts';
import type { Policy } from '../access/policy.ts';
import { exposedOperations, Session } from '../access/session.ts';
import { createToolDefinitions, type ToolDefinition } from './tool-definitions.ts';

/** What a server's tools, resources and prompts work with. */
export interface OpenHome {
  workspace: Workspace;
  session: Session;
  /** The tools that are offered, by name. */
  tools: ReadonlyMap<string, ToolDefinition>;
}

export interface OpenHomeOptions {
  /** The home folder, if not the usual one. */
  home: string | undefined;
  policy: Policy;
  /** A message for people. */
  log(message: string): void;
}

/** @throws QuickscrapeError `home_not_found` when there is none; what opening a home throws */
export async function openHome({ home, policy, log }: OpenHomeOptions): Promise<OpenHome> {
  const workspace = openWorkspace({
    home,
    actor: 'mcp',
    formatHint: operationHints(policy),
    missing: 'refuse',
  });
  for (const notice of workspace.db.takeNotices()) log(`note: ${notice}`);
  const session = await Session.open(workspace, { face: 'mcp', policy, log });
  return { workspace, session, tools: createToolDefinitions(session, policy) };
}

/** What is offered as long as there is no home. */
export async function toolsWithoutHome({
  policy,
}: Pick<OpenHomeOptions, 'policy'>): Promise<OpenHome['tools']> {
  return createToolDefinitions({ exposed: await exposedOperations(policy) }, policy);
}
