import { findBrowser } from '../../core/process/find-browser.ts';
import { browserNotFoundError } from '../browser/browser-error.ts';
import type { BrowserOptions, BrowserSource } from '../browser/browser-source.ts';
import type { BrowserFetcher, FetchedPage } from '../http/fetcher.ts';
import type { PageOptions, PageSource } from '../http/page-source.ts';
import type { Page } from '../lib/page.ts';
import { redactUrl } from '../lib/redacted-url.ts';
import { findJavascriptReason } from './needs-javascript.ts';

/** Pages as the server sends them, until one has no rows, or a row's page no field, and looks as if its scripts made them: from then on a browser's. */
export class AutoSource implements PageSource {
  readonly #fetcher: BrowserFetcher;
  readonly #options: BrowserOptions;
  #browser: BrowserSource | undefined;
  #hasWarnedMissing = false;

  constructor(fetcher: BrowserFetcher, options: BrowserOptions) {
    this.#fetcher = fetcher;
    this.#options = options;
  }

  get isPlain(): boolean {
    return this.#browser === undefined;
  }

  async get(url: string, wanted: PageOptions): Promise<FetchedPage> {
    return (this.#browser ?? this.#fetcher).get(url, wanted);
  }

  async clickNext(selector: string, signal: AbortSignal): Promise<FetchedPage | undefined> {
    return this.#browser?.clickNext(selector, signal);
  }

  async retryInBrowser(
    fetched: FetchedPage,
    page: Page,
    wanted: PageOptions,
  ): Promise<FetchedPage | undefined> {
    if (this.#browser !== undefined) return undefined;
    const { config, warn } = this.#options;
    const isList = wanted.list !== undefined;
    const reason = findJavascriptReason(
      page,
      isList ? config : { selectors: config.follow?.selectors ?? {} },
    );
    if (reason === undefined) return undefined;
    const what = `${redactUrl(fetched.url)} has ${isList ? 'no rows' : 'no field of follow'}`;
    const found = findBrowser(config.browser_path);
    if ('missing' in found) {
      const { message, hint } = browserNotFoundError(found.missing);
      if (!this.#hasWarnedMissing) warn(`${what} and ${reason}: ${message}. ${hint}`);
      this.#hasWarnedMissing = true;
      return undefined;
    }
    warn(`fetched with a browser: ${what} as the server sends it, and ${reason}`);
    const { BrowserSource } = await import('../browser/browser-source.ts');
    this.#browser = new BrowserSource(this.#fetcher, this.#options);
    return this.#browser.show(fetched, wanted);
  }

  async close(): Promise<void> {
    await (this.#browser ?? this.#fetcher).close();
  }
}
