import { setMaxListeners } from 'node:events';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { operationHints } from '../access/operation-hints.ts';
import type { Policy } from '../access/policy.ts';
import type { ProtocolOutput } from '../stdio/reserve-stdout.ts';
import { LazyWorkspace } from './lazy-workspace.ts';
import { LineTransport } from './line-transport.ts';
import { ResourceUpdates } from './resource-updates.ts';
import { makeServer } from './server.ts';

/** Each is told of each change. */
const MAX_SUBSCRIPTIONS = 16;

/** A server that was asked to end gives up, after so many milliseconds without an answer, what it is still asked for. */
const SHUTDOWN_TIMEOUT_MS = 300;

export interface ServeMcpOptions {
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
 * Without a home every call is answered with what to do, until there is one: a host shows only what a server answers.
 * @throws QuickscrapeError when a home that is there cannot be opened
 */
export async function serveMcp(options: ServeMcpOptions): Promise<void> {
  const { output, signal, log, make = makeServer } = options;
  const failed = (error: unknown) =>
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const lazyWorkspace = new LazyWorkspace(
    async () => (await import('./open-home.ts')).openHome(options),
    async (missing) => {
      log([missing.message, missing.hint].join('. '));
      return (await import('./open-home.ts')).toolsWithoutHome(options);
    },
  );
  const updates = new ResourceUpdates(lazyWorkspace, output);
  const ending = new AbortController();
  // Each call under way listens.
  setMaxListeners(0, ending.signal);
  const formatHint = operationHints(options.policy);
  const parts = { lazyWorkspace, updates, ending: ending.signal, formatHint, failed };

  await new Promise<void>((done, reject) => {
    const transport = new LineTransport(process.stdin, output, {
      beforeRequest: (method) =>
        method === 'subscriptions/listen' ? updates.begin() : lazyWorkspace.beforeRequest(method),
      onSent: () => lazyWorkspace.startOpening(),
      onInputEnd() {
        ending.abort();
        lazyWorkspace.startOpening();
      },
      onDone: done,
    });
    lazyWorkspace.onFailed = (error) => {
      reject(error);
      void transport.close();
    };
    signal.addEventListener('abort', () => transport.finish(SHUTDOWN_TIMEOUT_MS), { once: true });
    serveStdio(({ era }) => make(era, parts), {
      transport,
      onerror: failed,
      maxSubscriptions: MAX_SUBSCRIPTIONS,
    });
  }).finally(() => process.stdin.destroy());
  await updates.close();
  await lazyWorkspace.close();
}
