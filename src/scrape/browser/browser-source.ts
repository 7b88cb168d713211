import type { BrowserContext } from 'playwright-core';
import { formatBytes } from '../../core/lib/format-bytes.ts';
import { Limiter } from '../../core/lib/limiter.ts';
import { findBrowser } from '../../core/process/find-browser.ts';
import { killProcessGroup } from '../../core/process/kill-on-exit.ts';
import { canMeasureMemory, measureGroupMemory } from '../../core/process/process-table.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import type { BrowserFetcher, FetchedPage } from '../http/fetcher.ts';
import type { PageOptions, PageSource } from '../http/page-source.ts';
import type { RunCookies } from '../http/run-cookies.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { browserNotFoundError } from './browser-error.ts';
import { launchBrowser, type RunningBrowser } from './launch-browser.ts';
import { loadMoreContent } from './load-more.ts';
import { SubresourceLoader } from './page-network.ts';
import { Tab } from './tab.ts';
import { waitForChange, waitUntilStable } from './wait-until-stable.ts';

type BrowserCookieParameter = Parameters<BrowserContext['addCookies']>[0][number];

const SAME_SITE: Readonly<Record<string, 'Strict' | 'Lax' | 'None'>> = {
  strict: 'Strict',
  lax: 'Lax',
  none: 'None',
};

/** Copies the run's cookies to the browser. The page was fetched with them, and its scripts need them. */
export async function copyCookiesToBrowser(cookies: RunCookies, context: BrowserContext): Promise<void> {
  const parameters = cookies.all().flatMap((cookie): BrowserCookieParameter[] => {
    const { key, value, domain, hostOnly, path, expires, httpOnly, secure, sameSite } = cookie;
    if (domain === null) return [];
    const until = expires instanceof Date ? expires.getTime() / 1000 : -1;
    const site = SAME_SITE[sameSite ?? ''];
    return [
      {
        name: key,
        value,
        domain: hostOnly === false ? `.${domain}` : domain,
        path: path ?? '/',
        expires: until,
        httpOnly,
        secure,
        ...(site !== undefined && { sameSite: site }),
      },
    ];
  });
  if (parameters.length === 0) return;
  await context.addCookies(parameters).catch(async () => {
    // One by one: a cookie that the browser refuses must not prevent the others.
    for (const one of parameters) await context.addCookies([one]).catch(() => undefined);
  });
}

/** Copies the browser's cookies back, including those that scripts have created. */
export async function copyCookiesFromBrowser(cookies: RunCookies, context: BrowserContext): Promise<void> {
  for (const cookie of await context.cookies().catch(() => [])) cookies.put(cookie);
}

/** The most private memory of all processes of a browser together, in MiB. A page takes 150 to 400. */
const MAX_MIB = 2_048;
const CHECK_INTERVAL_MS = 1_000;

/**
 * Monitors the memory of a browser, on systems that report it.
 * @param group its process group
 * @param onTooMuch called once
 * @returns a function that stops the monitor
 */
export function monitorMemory(group: number, onTooMuch: (error: ScrapeError) => void): () => void {
  if (!canMeasureMemory()) return () => undefined;
  const timer = setInterval(() => {
    const usedMib = measureGroupMemory(group);
    if (usedMib <= MAX_MIB) return;
    clearInterval(timer);
    onTooMuch(
      new ScrapeError('too_large', `the browser took more than ${MAX_MIB} MiB of memory and was ended`, {
        hint: 'A script of the page uses it up. Load less of the page: max_clicks or max_scrolls under pagination.',
      }),
    );
  }, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export interface BrowserOptions {
  config: Pick<ScrapeConfig, 'item' | 'selectors' | 'follow' | 'wait_for'> & { browser_path?: string | null };
  log(level: 'debug' | 'info' | 'warn', message: string): void;
  /** Called once per warning, for the run's outcome. */
  warn(message: string): void;
  /** Called when the browser is started. */
  onStart?: (() => void) | undefined;
}

/** A running browser with its tabs. The list's tab keeps its page while other pages are shown. */
interface OpenBrowser {
  running: RunningBrowser;
  tabs: Map<'list' | 'other', Tab>;
  stopMemoryMonitor(): void;
}

/**
 * Renders pages in a browser. The page itself is fetched like any other, under the same rules. The browser has no
 * network: it renders the page, and the requests of its scripts are fetched for it (page-network.ts). One browser per
 * run.
 */
export class BrowserSource implements PageSource {
  readonly #fetcher: BrowserFetcher;
  readonly #options: BrowserOptions;
  readonly #parts: SubresourceLoader;
  readonly #rows: readonly string[];
  readonly #turns = new Limiter(1);
  #open: OpenBrowser | undefined;
  #ended: ScrapeError | undefined;

  constructor(fetcher: BrowserFetcher, options: BrowserOptions) {
    this.#fetcher = fetcher;
    this.#options = options;
    this.#parts = new SubresourceLoader(fetcher);
    this.#rows = rowSelectors(options.config);
  }

  async get(url: string, wanted: PageOptions): Promise<FetchedPage> {
    return this.show(await this.#fetcher.get(url, wanted), wanted);
  }

  /**
   * Renders a fetched page.
   * @throws ScrapeError
   */
  show(fetched: FetchedPage, wanted: PageOptions): Promise<FetchedPage> {
    return isHtml(fetched) ? this.#inTurn(() => this.#show(fetched, wanted)) : Promise.resolve(fetched);
  }

  async clickNext(selector: string, signal: AbortSignal): Promise<FetchedPage | undefined> {
    return this.#inTurn(async () => {
      const tab = this.#open?.tabs.get('list');
      if (tab === undefined) return undefined;
      tab.continuePage(signal);
      const state = await tab.button(selector);
      this.#options.log('debug', `next button "${selector}": ${state}`);
      if (state !== 'ready') return undefined;
      const [before, url] = [await tab.snapshot(this.#rows), tab.url];
      await this.#fetcher.throttle(url, signal);
      this.#parts.begin();
      await tab.click(selector);
      const isOther = await waitForChange(
        tab,
        this.#rows,
        this.#fetcher.timeoutMs,
        signal,
        (now) => now.text !== before?.text,
      );
      if (!isOther && tab.url === url) {
        this.#options.warn(
          `a click on "${selector}" changed nothing on ${redactUrl(url)}: treated as the last page`,
        );
        return undefined;
      }
      return this.#page(tab, { url, status: 200, headers: {}, body: Buffer.alloc(0), bytes: 0 });
    });
  }

  async close(): Promise<void> {
    await this.#close();
    await this.#fetcher.close();
  }

  async #show(fetched: FetchedPage, wanted: PageOptions): Promise<FetchedPage> {
    const { signal } = wanted;
    const { running, tabs } = await this.#opened(signal);
    await copyCookiesToBrowser(this.#fetcher.cookies, running.context);
    const kind = wanted.list === undefined ? 'other' : 'list';
    const { log } = this.#options;
    const tab =
      tabs.get(kind) ??
      (await Tab.open(running.context, { fetcher: this.#fetcher, subresources: this.#parts, log }));
    tabs.set(kind, tab);
    await tab.show(fetched, signal);
    const late = await waitUntilStable(
      tab,
      this.#rows,
      this.#options.config.wait_for,
      this.#fetcher.timeoutMs,
      signal,
    );
    if (late !== undefined) this.#options.warn(`${redactUrl(fetched.url)}: ${late}`);
    let steps = 0;
    const grew = () => {
      steps += 1;
    };
    const said = wanted.list && (await this.#grow(tab, wanted.list, signal, grew));
    if (said !== undefined) this.#options.warn(`${redactUrl(fetched.url)}: ${said}`);
    const picture = wanted.picture === true ? await tab.picture() : undefined;
    const page = { ...(await this.#page(tab, fetched)), grown: steps, ...(picture && { picture }) };
    await copyCookiesFromBrowser(this.#fetcher.cookies, running.context);
    return page;
  }

  async #grow(
    tab: Tab,
    { grow: pagination, maxSteps }: NonNullable<PageOptions['list']>,
    signal: AbortSignal,
    grew: () => void,
  ) {
    if (pagination === undefined) return undefined;
    return loadMoreContent(pagination, {
      tab,
      rows: this.#rows,
      limitMs: this.#fetcher.timeoutMs,
      signal,
      maxSteps,
      grew,
      throttle: () => this.#fetcher.throttle(tab.url, signal),
      debug: (message) => this.#options.log('debug', message),
    });
  }

  async #page(tab: Tab, fetched: FetchedPage): Promise<FetchedPage> {
    const body = await tab.html();
    const { status } = tab.latest() ?? fetched;
    const bytes = fetched.bytes + this.#parts.bytes;
    this.#options.log('debug', `${redactUrl(tab.url)}: ${formatBytes(body.length)} after its scripts`);
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    return { url: tab.url, status, headers, body, bytes, scripted: true };
  }

  /** One page at a time: a browser that hangs is ended, and the next page gets a new one. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      try {
        return await work();
      } catch (error) {
        const ended = this.#ended;
        const isHanging =
          error instanceof ScrapeError && ['timeout', 'browser', 'cancelled'].includes(error.kind);
        if (isHanging || ended !== undefined) await this.#close();
        throw ended ?? error;
      }
    });
  }

  async #opened(signal: AbortSignal): Promise<OpenBrowser> {
    if (this.#open !== undefined) return this.#open;
    const found = findBrowser(this.#options.config.browser_path);
    if ('missing' in found) throw browserNotFoundError(found.missing);
    const { log } = this.#options;
    this.#ended = undefined;
    this.#options.onStart?.();
    const running = await launchBrowser({
      path: found.path,
      userAgent: this.#fetcher.userAgent,
      signal,
      log,
    });
    const stopMemoryMonitor = monitorMemory(running.pid, (error) => {
      this.#ended = error;
      killProcessGroup(running.pid);
    });
    this.#open = { running, tabs: new Map(), stopMemoryMonitor };
    return this.#open;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    open?.stopMemoryMonitor();
    await open?.running.close();
  }
}

/** Selectors that show that rows are present: the item, else the configured fields. */
function rowSelectors({ item, selectors }: Pick<ScrapeConfig, 'item' | 'selectors'>): string[] {
  return item === undefined ? Object.values(selectors).map(({ selector }) => selector) : [item];
}

function isHtml({ headers }: FetchedPage): boolean {
  const type = String(headers['content-type'] ?? '')
    .trim()
    .toLowerCase();
  return type === '' || type.startsWith('text/html') || type.startsWith('application/xhtml+xml');
}
