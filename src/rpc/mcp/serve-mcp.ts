import { setMaxListeners } from 'node:events';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { openWorkspace } from '../../core/workspace.ts';
import type { Policy } from '../policy.ts';
import { Session } from '../session.ts';
import type { ProtocolOutput } from '../stdio/own-stdout.ts';
import { LineTransport } from './line-transport.ts';
import { LiveUpdates } from './live-updates.ts';
import { makeServer } from './server.ts';
import { toolSchemas } from './tools.ts';

/** A server that was asked to end gives up, after so many milliseconds without an answer, what it is still asked for. */
const HASTE_MS = 300;

export interface ServeOptions {
  /** The home folder, if not the usual one. */
  home: string | undefined;
  policy: Policy;
  output: ProtocolOutput;
  /** Aborted when somebody asks the server to end. */
  signal: AbortSignal;
  /** A message for people. */
  log(message: string): void;
  /** Makes the server of a connection, if not {@link makeServer} alone: one that offers more besides. */
  make?: typeof makeServer;
}

/**
 * Serves MCP on stdin and stdout until the client closes its end or a signal comes: both eras of the protocol, whatever
 * the client opens with. Logs go to stderr. Runs that were started go on.
 * @throws QuickscrapeError when the home cannot be opened
 */
export async function serveMcp(options: ServeOptions): Promise<void> {
  const { home, policy, output, signal, log, make = makeServer } = options;
  const workspace = openWorkspace({ home, actor: 'mcp' });
  const failed = (error: unknown) =>
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  for (const notice of workspace.db.takeNotices()) log(`note: ${notice}`);
  const session = await Session.open(workspace, { face: 'mcp', policy, log });
  const schemas = toolSchemas(session, policy);
  const updates = new LiveUpdates(workspace, output);
  const ending = new AbortController();
  // Each call under way listens.
  setMaxListeners(0, ending.signal);
  const parts = { workspace, session, schemas, updates, ending: ending.signal, failed };

  await new Promise<void>((done) => {
    const transport = new LineTransport(process.stdin, output, {
      beforeRequest: (method) => (method === 'subscriptions/listen' ? updates.begin() : undefined),
      onInputEnd: () => ending.abort(),
      onDone: done,
    });
    signal.addEventListener('abort', () => transport.finish(HASTE_MS), { once: true });
    serveStdio(({ era }) => make(era, parts), { transport, onerror: failed });
  });
  process.stdin.destroy();
  await updates.close();
  workspace.close();
}
