import { openWorkspace, type Workspace } from '../../core/workspace.ts';
import { operationHints } from '../access/operation-hints.ts';
import type { Policy } from '../access/policy.ts';
import { Session } from '../access/session.ts';
import type { ToolDefinitions } from './tool-definitions.ts';

/** What the calls of a server's clients need. */
export interface OpenHome {
  workspace: Workspace;
  session: Session;
}

export interface OpenHomeOptions {
  /** The home folder, if not the default one. */
  home: string | undefined;
  policy: Policy;
  /** Logs a message for people. */
  log(message: string): void;
}

/** @throws QuickscrapeError `home_not_found` when there is none, and the errors of opening a home */
export async function openHome(
  { home, policy, log }: OpenHomeOptions,
  tools: ToolDefinitions,
): Promise<OpenHome> {
  const workspace = openWorkspace({
    home,
    actor: 'mcp',
    formatHint: operationHints(tools),
    missing: 'refuse',
  });
  for (const notice of workspace.db.takeNotices()) log(`note: ${notice}`);
  return { workspace, session: await Session.open(workspace, { face: 'mcp', policy, log }) };
}
