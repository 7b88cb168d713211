import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { OperationName } from '../../core/operations/operations.ts';
import type { OpenHome } from './open-home.ts';
import {
  hasChannels,
  hasHistory,
  hasParams,
  type OptionalField,
  usesWorkers,
  withoutFields,
} from './optional-tools.ts';
import type { ToolDefinition, ToolDefinitions } from './tool-definitions.ts';

/** Their definitions would cost every other home a twentieth of the list. */
const WORKER_TOOLS: readonly string[] = [
  'list_workers',
  'drain_worker',
  'revoke_worker',
] satisfies OperationName[];

/** The same holds for these. */
const CHANNEL_TOOLS: readonly string[] = [
  'list_channels',
  'test_channel',
  'list_messages',
] satisfies OperationName[];

/** It is offered where a job keeps the history of its rows. */
const HISTORY_TOOL: OperationName = 'get_item_history';

/** The tools whose input may name channels and workers. */
const OPTIONAL_FIELD_TOOLS: readonly string[] = [
  'create_job',
  'update_job',
  'update_jobs',
  'run_job',
  'test_config',
] satisfies OperationName[];

/** Requests that need no home: the opening of a client in either era, and a ping. */
const METHODS_WITHOUT_HOME = ['initialize', 'server/discover', 'ping'];

/** After the answer to the opening, clients ask for the list of tools at once: it comes first. In milliseconds. */
const OPENING_DELAY_MS = 50;

export interface LazyWorkspaceOptions {
  /** Opens the home; throws QuickscrapeError `home_not_found` when there is none. */
  openHome(): Promise<OpenHome>;
  /** The tools that this server's policy allows. */
  tools: ToolDefinitions;
  /** Called once, when there is no home. */
  onMissing?(error: QuickscrapeError): void;
  /** Called once, when the home is open. */
  onOpened?(): void;
  /** Whether the person named tools or groups of them: then a history is offered before there is one. */
  isChosen?: boolean;
  /** Whether the tools can be listed before the home is open. */
  canListUnopened?(): boolean;
}

/**
 * The home of a server, opened only after the client has its first answer. Loading the workspace takes as long as
 * everything before it, and many clients limit the time for the handshake. If there is no home, each request checks for
 * it again.
 */
export class LazyWorkspace {
  readonly #options: LazyWorkspaceOptions;
  #opening: Promise<void> | undefined;
  #openingTimer: NodeJS.Timeout | undefined;
  /** Called when an existing home cannot be opened. */
  onFailed?: (error: unknown) => void;
  #home: OpenHome | undefined;
  /** While there is no home. */
  #missing: QuickscrapeError | undefined;

  constructor(options: LazyWorkspaceOptions) {
    this.#options = options;
  }

  /**
   * The open home. It is open whenever a message that needs it reaches the server, unless it cannot be opened.
   * @throws QuickscrapeError `home_not_found`
   */
  get home(): OpenHome {
    if (this.#home !== undefined) return this.#home;
    throw this.#missing ?? new TypeError('the home is not open yet');
  }

  /**
   * An offered tool; also available without a home. Those of workers, channels and histories are offered where the home has any.
   */
  tool(name: string): ToolDefinition | undefined {
    const home = this.#home?.workspace;
    const isMissing =
      (WORKER_TOOLS.includes(name) && !(home && usesWorkers(home))) ||
      (CHANNEL_TOOLS.includes(name) && !(home && hasChannels(home))) ||
      (name === HISTORY_TOOL && !this.#options.isChosen && !(home && hasHistory(home)));
    const tool = isMissing ? undefined : this.tools.get(name);
    if (tool === undefined || !OPTIONAL_FIELD_TOOLS.includes(name)) return tool;
    const useless: OptionalField[] = [
      ...(home && hasChannels(home) ? [] : ['notify' as const]),
      ...(home && usesWorkers(home) ? [] : ['worker' as const]),
      ...(home && hasParams(home) ? [] : ['params' as const]),
    ];
    return { ...tool, input: withoutFields(tool.input, useless) };
  }

  /** Whether any tool is offered. */
  offersTools(): boolean {
    return [...this.tools.keys()].some((name) => this.tool(name) !== undefined);
  }

  /** The tools that this server's policy allows; also available without a home. */
  get tools(): ToolDefinitions {
    return this.#options.tools;
  }

  /** Starts opening the home soon, if it was not started before. */
  startOpeningSoon(): void {
    if (this.#opening !== undefined) return;
    this.#openingTimer ??= setTimeout(() => this.startOpening(), OPENING_DELAY_MS);
  }

  /** Starts opening the home, if it was not started before. */
  startOpening(): void {
    clearTimeout(this.#openingTimer);
    if (this.#opening !== undefined) return;
    this.#opening = this.#open();
    this.#opening.catch((error) => this.onFailed?.(error));
  }

  /** @throws QuickscrapeError when it cannot be opened, at each call */
  async open(): Promise<OpenHome> {
    this.startOpening();
    await this.#opening;
    return this.home;
  }

  /** The promise to await before a request is handled; `undefined` when it need not wait. */
  beforeRequest(method: string): Promise<void> | undefined {
    if (this.#home !== undefined || METHODS_WITHOUT_HOME.includes(method)) return undefined;
    const needsNoHome = method === 'tools/list' && this.#opening === undefined;
    if (needsNoHome && this.#options.canListUnopened?.() === true) return undefined;
    this.startOpening();
    return this.#opening;
  }

  /** Closes the home once it is open. @throws QuickscrapeError when an existing home could not be opened */
  async close(): Promise<void> {
    this.startOpening();
    await this.#opening;
    this.#home?.workspace.close();
  }

  async #open(): Promise<void> {
    try {
      this.#home = await this.#options.openHome();
      this.#options.onOpened?.();
    } catch (error) {
      if (!(error instanceof QuickscrapeError && error.code === 'home_not_found')) throw error;
      if (this.#missing === undefined) this.#options.onMissing?.(error);
      this.#missing = error;
      this.#opening = undefined;
    }
  }
}
