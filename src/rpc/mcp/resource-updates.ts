import { type McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Change, ChangeWatch } from '../../core/api/changes.ts';
import { Notifier, Subscription, waitForDrain } from '../access/notifier.ts';
import type { ProtocolOutput } from '../stdio/reserve-stdout.ts';
import type { LazyWorkspace } from './lazy-workspace.ts';
import { changedUris, isResourceUri, JOBS_URI, TEMPLATES } from './resource-uris.ts';

/** Longer than any resource's, in characters. */
const MAX_URI_LENGTH = 200;
/** So many resources is a client told of. */
const MAX_SUBSCRIBED_URIS = 1_000;

/** What one client wants to be told. */
interface Listener {
  server: McpServer;
  /** Exactly these; in the era of `subscriptions/listen` the SDK sorts out who gets what. */
  uris: Set<string> | 'all';
}

/**
 * Tells clients of resources that changed, in both eras of the protocol. The home is watched from the first
 * subscription on. What nobody reads does not pile up.
 */
export class ResourceUpdates {
  readonly #lazyWorkspace: LazyWorkspace;
  readonly #listeners = new Set<Listener>();
  readonly #subscription = new Subscription(() => this.#watch());
  /** The jobs and configurations that are there. */
  readonly #existing = new Set<string>();
  readonly #notifier: Notifier;

  constructor(lazyWorkspace: LazyWorkspace, output: Pick<ProtocolOutput, 'backlog' | 'flushed'>) {
    this.#lazyWorkspace = lazyWorkspace;
    this.#notifier = new Notifier({
      send: (change) => this.#notify(change),
      waitForDrain: () => waitForDrain(output),
    });
  }

  /** Serves `resources/subscribe` and `resources/unsubscribe` (revisions until 2025-11-25). */
  addSubscriptions(server: McpServer): void {
    const listener: Listener = { server, uris: new Set() };
    const uris = listener.uris as Set<string>;
    this.#listeners.add(listener);
    server.server.setRequestHandler('resources/subscribe', async ({ params }) => {
      checkSubscription(uris, params.uri);
      uris.add(params.uri);
      await this.begin();
      return {};
    });
    server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      uris.delete(params.uri);
      return {};
    });
  }

  /** Serves `subscriptions/listen` (2026-07-28), which the SDK answers at once: {@link begin} has to be over by then. */
  addListener(server: McpServer): void {
    this.#listeners.add({ server, uris: 'all' });
  }

  /** From now on changes are told; resolves when none can be missed any more. Asked again, it changes nothing. */
  begin(): Promise<void> {
    return this.#subscription.begin();
  }

  close(): Promise<void> {
    return this.#subscription.end();
  }

  #notify(change: Change): void {
    const listed = this.#hasListChanged(change);
    for (const { server, uris } of this.#listeners) {
      if (!server.isConnected()) continue;
      if (listed) server.sendResourceListChanged();
      for (const uri of changedUris(change))
        if (uris === 'all' || uris.has(uri)) void server.server.sendResourceUpdated({ uri }).catch(() => {});
    }
  }

  async #watch(): Promise<ChangeWatch> {
    const { workspace } = await this.#lazyWorkspace.open();
    const { jobs, configs } = workspace;
    // Most clients never ask for it, and a watcher takes long to load.
    const { watchChanges } = await import('../../core/api/changes.ts');
    const watch = await watchChanges(workspace, (change) => this.#notifier.notify(change));
    for (const id of jobs.ids()) this.#existing.add(`job ${id}`);
    for (const name of configs.names()) this.#existing.add(`config ${name}`);
    return watch;
  }

  /** Whether a job or a configuration came into being or went. */
  #hasListChanged(change: Change): boolean {
    const { jobs, configs } = this.#lazyWorkspace.home.workspace;
    if (change.kind === 'job_changed')
      return this.#hasExistenceChanged(`job ${change.job_id}`, jobs.get(change.job_id) !== undefined);
    if (change.kind === 'config_changed')
      return this.#hasExistenceChanged(`config ${change.config_name}`, configs.has(change.config_name));
    return false;
  }

  #hasExistenceChanged(name: string, exists: boolean): boolean {
    const before = this.#existing.has(name);
    if (exists) this.#existing.add(name);
    else this.#existing.delete(name);
    return before !== exists;
  }
}

function checkSubscription(uris: ReadonlySet<string>, uri: string): void {
  if (uri.length > MAX_URI_LENGTH)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'there is no resource of such a long URI');
  if (!isResourceUri(uri))
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `there is no resource ${uri}: there are ${[JOBS_URI, ...Object.values(TEMPLATES)].join(', ')}`,
    );
  if (uris.size < MAX_SUBSCRIBED_URIS || uris.has(uri)) return;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `subscription limit reached (${MAX_SUBSCRIBED_URIS}); unsubscribe first`,
  );
}
