import { findBrowser } from '../../core/process/find-browser.ts';
import { browserNotFoundError } from '../browser/browser-error.ts';
// Not when a page first needs it: the program may have been upgraded by then.
import { type BrowserOptions, BrowserSource } from '../browser/browser-source.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { listFollows } from '../config/follow.ts';
import type { BrowserFetcher, FetchedPage } from '../http/fetcher.ts';
import type { PageOptions, PageSource } from '../http/page-source.ts';
import type { Page } from '../lib/page.ts';
import { redactUrl } from '../lib/page-url.ts';

/** Script types that contain data or templates, not programs. */
const DATA_SCRIPT = /json|template|text\/(?:x-|html)/i;
/** The elements in which frameworks render their content. */
const MOUNT_POINTS =
  '#root, #app, #__next, #__nuxt, #___gatsby, app-root, [data-reactroot], [ng-app], [data-server-rendered]';
/** A page with readable content has more text. Characters. */
const MAX_LITTLE_TEXT = 200;
const LOADS_DATA = /\bfetch\s*\(|XMLHttpRequest|\$\.(?:get|post|ajax|getJSON)\b|axios|document\.write\s*\(/;
const ASKS_FOR_JAVASCRIPT =
  /(?:enable|needs?|requires?|turn on|activate|aktivier|activer)[^.]{0,40}java\s?script|java\s?script[^.]{0,40}(?:enable|disabled|required|aktivier|activ)/i;

/** The selectors that a page is checked for. */
type ExpectedSelectors = Pick<ScrapeConfig, 'selectors'> & Partial<Pick<ScrapeConfig, 'item'>>;

/**
 * Returns why scripts may render a page without rows, or without a field, as half a sentence; undefined without such a
 * sign. Changed markup is no sign: a browser would find nothing either.
 */
export function findJavascriptReason({ $ }: Page, config: ExpectedSelectors): string | undefined {
  const programs = $('script').filter((_, script) => !DATA_SCRIPT.test($(script).attr('type') ?? ''));
  if (programs.length === 0) return undefined;
  if (
    $('noscript')
      .toArray()
      .some((note) => ASKS_FOR_JAVASCRIPT.test($(note).text()))
  )
    return 'says that it needs JavaScript';
  const mount = $(MOUNT_POINTS)
    .toArray()
    .find((element) => $(element).children().not('script, noscript').length === 0);
  if (mount !== undefined) return 'has an empty element that scripts fill';
  const source = programs
    .toArray()
    .map((script) => $(script).text())
    .join('\n');
  const named = getSelectorNames(config).find((word) =>
    new RegExp(`["'\`\\s.#=]${word}["'\`\\s>]`).test(source),
  );
  if (named !== undefined) return `"${named}" occurs in its scripts`;
  if (LOADS_DATA.test(source)) return 'its scripts load something';
  const body = $('body').clone();
  body.find('script, style, noscript, template').remove();
  return body.text().replaceAll(/\s+/g, ' ').length < MAX_LITTLE_TEXT
    ? 'has hardly any text, but scripts'
    : undefined;
}

/** Classes and ids that the selectors contain. */
function getSelectorNames({ item, selectors }: ExpectedSelectors): string[] {
  const texts = [item ?? '', ...Object.values(selectors).map(({ selector }) => selector)];
  return texts.flatMap((text) => [...text.matchAll(/[.#]([a-z_][\w-]*)/gi)].map(([, word = '']) => word));
}

/**
 * Returns pages as the server sends them, until a list page has no rows, or a detail page no fields, and seems to need
 * its scripts. From then on, a browser renders all pages.
 */
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
    const details = listFollows(config.follow).map(({ selectors }) => selectors);
    const reason = findJavascriptReason(page, isList ? config : { selectors: Object.assign({}, ...details) });
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
    this.#browser = new BrowserSource(this.#fetcher, this.#options);
    return this.#browser.show(fetched, wanted);
  }

  async close(): Promise<void> {
    await (this.#browser ?? this.#fetcher).close();
  }
}
