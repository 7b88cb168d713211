import type { OpenHome } from './open-home.ts';

/** What is answered without the home: how a client opens in either era, and whether anybody is there. */
const ANSWERED_WITHOUT = ['initialize', 'server/discover', 'ping'];

/**
 * The home that a server works on, opened only when the client has got its first answer: loading what works on it takes
 * as long as everything before, and many a client waits for the handshake with a watch in its hand.
 */
export class LateHome {
  readonly #make: () => Promise<OpenHome>;
  #opening: Promise<OpenHome> | undefined;
  /** Told when the home cannot be opened. */
  onFailed?: (error: unknown) => void;
  #home: OpenHome | undefined;

  constructor(make: () => Promise<OpenHome>) {
    this.#make = make;
  }

  /** The open home; there is one whenever a message reaches the server that needs it. */
  get home(): OpenHome {
    if (this.#home === undefined) throw new TypeError('the home is not open yet');
    return this.#home;
  }

  /** Opens it, if nobody has begun to. */
  begin(): void {
    if (this.#opening !== undefined) return;
    this.#opening = this.#open();
    this.#opening.catch((error) => this.onFailed?.(error));
  }

  /** @throws QuickscrapeError when it cannot be opened, each time */
  open(): Promise<OpenHome> {
    this.begin();
    return this.#opening as Promise<OpenHome>;
  }

  /** What a request has to wait for before it is carried out, if anything. */
  before(method: string): Promise<void> | undefined {
    if (this.#home !== undefined || ANSWERED_WITHOUT.includes(method)) return undefined;
    return this.open().then(() => {});
  }

  async #open(): Promise<OpenHome> {
    this.#home = await this.#make();
    return this.#home;
  }
}
