import type { BrowserContext, Page as BrowserPage } from 'playwright-core';
import { formatBytes } from '../../core/lib/format-bytes.ts';
import type { BrowserFetcher, FetchedPage } from '../http/fetcher.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { browserError, withTimeout } from './browser-error.ts';
import { PageNetwork, type SubresourceLoader } from './page-network.ts';
import { type PagePicture, takePicture } from './page-picture.ts';
import {
  type ButtonState,
  buttonStateScript,
  clickScript,
  type PageSnapshot,
  scrollScript,
  snapshotScript,
} from './page-scripts.ts';

/** Largest page after its scripts have run. */
const MAX_HTML_BYTES = 10_000_000;
const MAX_NODES = 500_000;

/**
 * Removes the APIs that would need a network of the browser's own, so that scripts detect at once that they are
 * missing.
 */
const REMOVE_NETWORK_APIS = `for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'WebSocketStream']) delete globalThis[name];
globalThis.open = () => null;`;

/** Errors of an evaluation while the page navigates. */
const NAVIGATING = /context was destroyed|navigat|Cannot find context|frame was detached/i;

interface TabOptions {
  fetcher: BrowserFetcher;
  subresources: SubresourceLoader;
  log(level: 'debug' | 'warn', message: string): void;
}

/** One tab of the browser, which shows the site's pages one after the other. */
export class Tab {
  readonly #page: BrowserPage;
  readonly #network: PageNetwork;
  readonly #timeoutMs: number;
  #signal: AbortSignal = AbortSignal.abort();

  private constructor(page: BrowserPage, network: PageNetwork, timeoutMs: number) {
    this.#page = page;
    this.#network = network;
    this.#timeoutMs = timeoutMs;
  }

  static async open(context: BrowserContext, options: TabOptions): Promise<Tab> {
    const page = await context.newPage();
    await page.addInitScript(REMOVE_NETWORK_APIS);
    const session = await context.newCDPSession(page);
    const { frameTree } = await session.send('Page.getFrameTree');
    const network = await PageNetwork.start(session, { ...options, frameId: frameTree.frame.id });
    return new Tab(page, network, options.fetcher.timeoutMs);
  }

  /** The current address, without the part after `#`. */
  get url(): string {
    return this.#page.url().replace(/#.*$/s, '');
  }

  /** How long the page's scripts have requested nothing, in milliseconds. */
  quietMs(): number {
    return this.#network.quietMs();
  }

  /** The page that was fetched last. */
  latest(): FetchedPage | undefined {
    return this.#network.latest;
  }

  /**
   * Shows a fetched page.
   * @throws ScrapeError
   */
  async show(page: FetchedPage, signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    this.#network.begin(signal, page);
    await this.#within(this.#page.goto(page.url, { waitUntil: 'domcontentloaded', timeout: 0 }));
  }

  /** Continues with the page that is shown. */
  continuePage(signal: AbortSignal): void {
    this.#signal = signal;
    this.#network.begin(signal);
  }

  /**
   * Returns the state of the page; `undefined` while it navigates.
   * @throws ScrapeError
   */
  async snapshot(selectors: readonly string[]): Promise<PageSnapshot | undefined> {
    const snapshot = await this.#ask<PageSnapshot>(snapshotScript(selectors));
    if (snapshot !== undefined && snapshot.nodes > MAX_NODES)
      throw tooLargeError(this.url, `${MAX_NODES} elements`);
    return snapshot;
  }

  async button(selector: string): Promise<ButtonState> {
    const state = (await this.#ask<ButtonState>(buttonStateScript(selector))) ?? 'missing';
    if (state === 'invalid') throw unsupportedSelectorError(selector);
    return state;
  }

  async click(selector: string): Promise<void> {
    await this.#ask(clickScript(selector));
  }

  /**
   * @param selector the element to scroll; null for the page
   * @returns whether it exists
   */
  async scroll(selector: string | null): Promise<boolean> {
    return (await this.#ask<boolean>(scrollScript(selector))) ?? true;
  }

  /**
   * Returns the HTML of the page after its scripts have run.
   * @throws ScrapeError `too_large`
   */
  async html(): Promise<Buffer> {
    const html = Buffer.from(await this.#within(this.#page.content()));
    if (html.length > MAX_HTML_BYTES) throw tooLargeError(this.url, formatBytes(MAX_HTML_BYTES));
    return html;
  }

  /** @throws ScrapeError */
  picture(): Promise<PagePicture> {
    return this.#within(takePicture(this.#page));
  }

  async #ask<T>(expression: string): Promise<T | undefined> {
    if (this.#network.failure !== undefined) throw this.#network.failure;
    return this.#within(
      this.#page.evaluate<T>(expression).catch((error: unknown) => {
        if (error instanceof Error && NAVIGATING.test(error.message)) return undefined;
        throw error;
      }),
    );
  }

  async #within<T>(work: Promise<T>): Promise<T> {
    try {
      return await withTimeout(work, this.#timeoutMs, this.#signal, () => this.#busy());
    } catch (error) {
      if (this.#network.failure !== undefined) throw this.#network.failure;
      if (error instanceof ScrapeError) throw error;
      throw browserError(`${redactUrl(this.url || 'about:blank')}: the page crashed in the browser`, error);
    }
  }

  #busy(): ScrapeError {
    const seconds = this.#timeoutMs / 1000;
    return new ScrapeError(
      'timeout',
      `${redactUrl(this.url)}: the page’s scripts did not finish within ${seconds} s`,
      {
        url: redactUrl(this.url),
        hint: 'The page is slow, or a script in it never ends. Allow more time: timeout in the configuration, or --timeout.',
      },
    );
  }
}

function tooLargeError(url: string, limit: string): ScrapeError {
  return new ScrapeError('too_large', `${redactUrl(url)}: the page has grown over ${limit}`, {
    url: redactUrl(url),
    hint: 'Load less of it: max_clicks or max_scrolls under pagination.',
  });
}

function unsupportedSelectorError(selector: string): ScrapeError {
  return new ScrapeError('config', `"${selector}" is not a selector that a browser accepts`, {
    hint: 'For buttons and wait_for, write plain CSS (without :contains(), :eq() and the like), or XPath 1.0 after xpath:.',
  });
}
