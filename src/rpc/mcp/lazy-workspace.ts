import { QuickscrapeError } from '../../core/lib/errors.ts';
import type { OpenHome } from './open-home.ts';

/** What is answered without the home: how a client opens in either era, and whether anybody is there. */
const METHODS_WITHOUT_HOME = ['initialize', 'server/discover', 'ping'];

/**
 * The home that a server works on, opened only when the client has got its first answer: loading what works on it takes
 * as long as everything before, and many a client waits for the handshake with a watch in its hand. One that is not there
 * is looked for again at each request.
 */
export class LazyWorkspace {
  readonly #openHome: () => Promise<OpenHome>;
  readonly #createTools: (missing: QuickscrapeError) => Promise<OpenHome['tools']>;
  #opening: Promise<void> | undefined;
  /** Told when the home cannot be opened though it is there. */
  onFailed?: (error: unknown) => void;
  #home: OpenHome | undefined;
  /** While there is no home: why, and what is known without it. */
  #missing: { error: QuickscrapeError; tools: OpenHome['tools'] } | undefined;

  /**
   * @param openHome opens the home; throws QuickscrapeError `home_not_found` when there is none
   * @param createTools the tools that are offered as long as there is none; called once, with why
   */
  constructor(
    openHome: () => Promise<OpenHome>,
    createTools: (missing: QuickscrapeError) => Promise<OpenHome['tools']>,
  ) {
    this.#openHome = openHome;
    this.#createTools = createTools;
  }

  /**
   * The open home; there is one whenever a message reaches the server that needs it, unless there is none to be opened.
   * @throws QuickscrapeError `home_not_found`
   */
  get home(): OpenHome {
    if (this.#home !== undefined) return this.#home;
    throw this.#missing?.error ?? new TypeError('the home is not open yet');
  }

  /** The tools that are offered, also without a home. */
  get tools(): OpenHome['tools'] {
    return this.#home?.tools ?? this.#missing?.tools ?? this.home.tools;
  }

  /** Opens it, if nobody has begun to. */
  startOpening(): void {
    if (this.#opening !== undefined) return;
    this.#opening = this.#open();
    this.#opening.catch((error) => this.onFailed?.(error));
  }

  /** @throws QuickscrapeError when it cannot be opened, each time */
  async open(): Promise<OpenHome> {
    this.startOpening();
    await this.#opening;
    return this.home;
  }

  /** What a request has to wait for before it is carried out, if anything. */
  beforeRequest(method: string): Promise<void> | undefined {
    if (this.#home !== undefined || METHODS_WITHOUT_HOME.includes(method)) return undefined;
    this.startOpening();
    return this.#opening;
  }

  /** Closes it, once it is open. @throws QuickscrapeError when it could not be opened though it is there */
  async close(): Promise<void> {
    this.startOpening();
    await this.#opening;
    this.#home?.workspace.close();
  }

  async #open(): Promise<void> {
    try {
      this.#home = await this.#openHome();
    } catch (error) {
      if (!(error instanceof QuickscrapeError && error.code === 'home_not_found')) throw error;
      this.#missing = { error, tools: this.#missing?.tools ?? (await this.#createTools(error)) };
      this.#opening = undefined;
    }
  }
}
