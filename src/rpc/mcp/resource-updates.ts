import { type McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Change, ChangeWatch } from '../../core/api/changes.ts';
import { late } from '../../core/lib/late-modules.ts';
import { Notifier, Subscription, waitForDrain } from '../access/notifier.ts';
import type { Offered } from '../access/offered-text.ts';
import type { ProtocolOutput } from '../stdio/reserve-stdout.ts';
import type { LazyWorkspace } from './lazy-workspace.ts';
import { changedUris, configUri, isServedUri, jobUri, servedUris } from './resource-uris.ts';

const loadChanges = late(() => import('../../core/api/changes.ts'));

/** Longer than the URI of any resource, in characters. */
const MAX_URI_LENGTH = 200;
/** The most resources that a client may subscribe to. */
const MAX_SUBSCRIBED_URIS = 1_000;

/** The notifications that one client subscribed to. */
interface Listener {
  server: McpServer;
  /** The subscribed URIs; `all` in the era of `subscriptions/listen`, because the SDK then selects the receivers. */
  uris: Set<string> | 'all';
}

/**
 * Notifies clients of changed resources, in both eras of the protocol. The home is watched from the first subscription
 * on. Unread notifications do not accumulate.
 */
export class ResourceUpdates {
  readonly #lazyWorkspace: LazyWorkspace;
  readonly #listeners = new Set<Listener>();
  readonly #observers: ((change: Change) => void)[] = [];
  readonly #subscription = new Subscription(() => this.#watch());
  /** The ids of the existing jobs and configurations. */
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
      checkSubscription(uris, params.uri, this.#lazyWorkspace.tools);
      uris.add(params.uri);
      await this.begin();
      return {};
    });
    server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      uris.delete(params.uri);
      return {};
    });
  }

  /**
   * Serves `subscriptions/listen` (2026-07-28). The SDK answers it at once, so {@link begin} must have finished by
   * then.
   */
  addListener(server: McpServer): void {
    this.#listeners.add({ server, uris: 'all' });
  }

  /** Calls a function with each change, from {@link begin} on. */
  onChange(observer: (change: Change) => void): void {
    this.#observers.push(observer);
  }

  /** Starts the notifications; resolves when no later change can be missed. A second call has no effect. */
  begin(): Promise<void> {
    return this.#subscription.begin();
  }

  close(): Promise<void> {
    return this.#subscription.end();
  }

  #notify(change: Change): void {
    for (const observe of this.#observers) observe(change);
    const { tools } = this.#lazyWorkspace;
    const listed = this.#hasListChanged(change);
    const changed = changedUris(change).filter((uri) => isServedUri(uri, tools));
    for (const { server, uris } of this.#listeners) {
      if (!server.isConnected()) continue;
      if (listed) server.sendResourceListChanged();
      for (const uri of changed)
        if (uris === 'all' || uris.has(uri)) void server.server.sendResourceUpdated({ uri }).catch(() => {});
    }
  }

  async #watch(): Promise<ChangeWatch> {
    const { workspace } = await this.#lazyWorkspace.open();
    const { jobs, configs } = workspace;
    // Loaded on demand: most clients never subscribe, and a watcher takes long to load.
    const { watchChanges } = await loadChanges();
    const watch = await watchChanges(workspace, (change) => this.#notifier.notify(change));
    for (const id of jobs.ids()) this.#existing.add(`job ${id}`);
    for (const name of configs.names()) this.#existing.add(`config ${name}`);
    return watch;
  }

  /** Whether a listed job or configuration was created or deleted. */
  #hasListChanged(change: Change): boolean {
    const { tools, home } = this.#lazyWorkspace;
    const { jobs, configs } = home.workspace;
    if (change.kind === 'job_changed' && isServedUri(jobUri(change.job_id), tools))
      return this.#hasExistenceChanged(`job ${change.job_id}`, jobs.get(change.job_id) !== undefined);
    if (change.kind === 'config_changed' && isServedUri(configUri(change.config_name), tools))
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

function checkSubscription(uris: ReadonlySet<string>, uri: string, offered: Offered): void {
  if (uri.length > MAX_URI_LENGTH)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'the URI is too long');
  if (!isServedUri(uri, offered))
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `there is no resource ${uri}: there are ${servedUris(offered).join(', ')}`,
    );
  if (uris.size < MAX_SUBSCRIBED_URIS || uris.has(uri)) return;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `subscription limit reached (${MAX_SUBSCRIBED_URIS}); unsubscribe first`,
  );
}
