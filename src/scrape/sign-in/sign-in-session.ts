import type { Conceal } from '../../core/lib/redact.ts';
import type { Authentication, FormSignIn } from '../config/authentication.ts';
import { getOriginalUrl } from '../extract/conceal-page.ts';
import type { BrowserFetcher, FetchedPage, Fetcher } from '../http/fetcher.ts';
import { wrapFetcher } from '../http/page-source.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { findMarker, hasPasswordInput, type SignInFetcher, signIn, toPage } from './sign-in.ts';

/**
 * Whether a session of an earlier run is still valid. The response to the form's address must not ask for the password.
 * It must match the marker (success_selector), or, without a marker, come from another address.
 * @throws ScrapeError if the site cannot be reached
 */
async function isSessionValid(
  fetcher: SignInFetcher,
  options: FormSignIn,
  signal: AbortSignal,
  conceal: Conceal | undefined,
): Promise<boolean> {
  try {
    const page = toPage(await fetcher.get(options.login_url, { signal, ignoreRobots: true }), conceal);
    if (hasPasswordInput(page, options)) return false;
    const { success_selector: marker } = options;
    return marker === undefined
      ? !isSamePage(getOriginalUrl(page), options.login_url)
      : findMarker(page, marker) !== undefined;
  } catch (error) {
    // Old cookies may be the reason for the refusal.
    if (error instanceof ScrapeError && ['http', 'redirect'].includes(error.kind)) return false;
    throw error;
  }
}

/** Ignores the query: `/login?next=…` is the form's page. */
function isSamePage(a: string, b: string): boolean {
  const [one, other] = [new URL(a), new URL(b)];
  return one.host === other.host && one.pathname === other.pathname;
}

/** A site that ends the session more often does not accept the sign-in. */
const MAX_SIGN_INS = 20;

type GetPage = () => Promise<FetchedPage>;

type Log = (level: 'info', message: string) => void;

/** The parts of a fetcher that a session needs. */
type SessionFetcher = SignInFetcher & Pick<BrowserFetcher, 'cookies'>;

interface SignInOptions {
  /** Removes from pages what the markers must not match. */
  conceal?: Conceal | undefined;
  /** Pages of the list are requested once only. */
  sendsOnce?: boolean;
}

/**
 * Signs in before the first page, and again when a page shows that the session has expired. `get` also throws
 * ScrapeError `sign_in`. A browser receives the session through the cookies.
 * @param authentication undefined: pages are fetched without a sign-in
 */
export function withSignIn(
  fetcher: BrowserFetcher,
  authentication: Authentication | undefined,
  log: Log,
  options: SignInOptions = {},
): BrowserFetcher {
  if (authentication === undefined) return fetcher;
  return wrapFetcher(fetcher, getWhenSignedIn(fetcher, authentication, log, options));
}

function getWhenSignedIn(
  fetcher: BrowserFetcher,
  authentication: Authentication,
  log: Log,
  { conceal, sendsOnce = false }: SignInOptions,
): Fetcher['get'] {
  if (authentication.type === 'http_basic')
    return (url, options) => fetcher.get(url, options).catch(throwBasicRefusal);
  const session = new FormSession(fetcher, authentication, log, conceal);
  return (url, options) => {
    const mayRepeat = !sendsOnce || options.list === undefined;
    return session.page(url, () => fetcher.get(url, options), options.signal, mayRepeat);
  };
}

function throwBasicRefusal(error: unknown): never {
  if (!(error instanceof ScrapeError) || error.status !== 401) throw error;
  throw new ScrapeError(
    'sign_in',
    `${error.message}: the site does not accept the name and password (http_basic)`,
    {
      ...(error.url !== undefined && { url: error.url }),
      status: 401,
      hint: 'Check authentication.username and authentication.password (secrets.env). They go to the hosts of url, urls and sitemap only.',
      cause: error,
    },
  );
}

class FormSession {
  readonly #fetcher: SessionFetcher;
  readonly #how: FormSignIn;
  readonly #log: Log;
  readonly #conceal: Conceal | undefined;
  #signIns = 0;
  #isBegun = false;
  /** The sign-in in progress. */
  #current: Promise<void> | undefined;
  /** Whether signed-in pages have the marker (success_selector), and not only the page after the sign-in. */
  #pagesHaveMark = false;
  /** Whether pages have a password input even after the sign-in. */
  #pagesAsk = false;

  constructor(fetcher: SessionFetcher, how: FormSignIn, log: Log, conceal: Conceal | undefined) {
    this.#fetcher = fetcher;
    this.#conceal = conceal;
    this.#how = how;
    this.#log = log;
  }

  /** @param get fetches the page `url`; called again after another sign-in */
  async page(url: string, get: GetPage, signal: AbortSignal, mayRepeat: boolean): Promise<FetchedPage> {
    if (!this.#isBegun) await this.#once(() => this.#begin(signal));
    this.#isBegun = true;
    const session = this.#signIns;
    const first = await this.#look(url, get);
    if (!('signedOut' in first)) return first.fetched;
    if (!mayRepeat) throw sentOnceError(url, first.signedOut);
    this.#log('info', `${first.signedOut}: signing in again`);
    // Another page may have renewed the session meanwhile.
    if (session === this.#signIns || this.#current !== undefined)
      await this.#once(() => this.#signIn(signal));
    const second = await this.#look(url, get);
    if (!('signedOut' in second)) return second.fetched;
    if (second.fetched === undefined || this.#isLogin(url, second.fetched))
      throw this.#notIn(second.signedOut);
    // The page is the same right after a sign-in, so these signs prove nothing.
    this.#pagesAsk = true;
    this.#pagesHaveMark = false;
    return second.fetched;
  }

  /** Pages that are fetched at the same time share one sign-in. */
  #once(signIn: () => Promise<void>): Promise<void> {
    this.#current ??= signIn().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  /** Continues the session of an earlier run if it is still valid; else signs in without cookies. */
  async #begin(signal: AbortSignal): Promise<void> {
    const { cookies } = this.#fetcher;
    const { login_url: login } = this.#how;
    // Nothing has been fetched yet, so these are cookies of an earlier run.
    if (cookies.headerFor(new URL(login)) !== '') {
      if (await isSessionValid(this.#fetcher, this.#how, signal, this.#conceal)) {
        this.#signIns = 1;
        return this.#log('info', `still signed in at ${redactUrl(login)}`);
      }
      this.#log('info', `no longer signed in at ${redactUrl(login)}`);
      cookies.clear();
    }
    await this.#signIn(signal);
  }

  async #signIn(signal: AbortSignal): Promise<void> {
    this.#signIns += 1;
    if (this.#signIns > MAX_SIGN_INS) throw this.#notIn(`the session expired ${MAX_SIGN_INS} times`);
    await signIn(this.#fetcher, this.#how, signal, this.#conceal);
    this.#log('info', `signed in at ${redactUrl(this.#how.login_url)}`);
  }

  /**
   * Fetches a page.
   * @returns the page, and in `signedOut` the sign that the session has expired
   */
  async #look(
    url: string,
    get: GetPage,
  ): Promise<{ fetched: FetchedPage } | { fetched?: FetchedPage; signedOut: string }> {
    let fetched: FetchedPage;
    try {
      fetched = await get();
    } catch (error) {
      if (error instanceof ScrapeError && error.status === 401) return { signedOut: error.message };
      throw error;
    }
    if (this.#isLogin(url, fetched))
      return { fetched, signedOut: `${redactUrl(fetched.url)} was served instead of the page` };
    const page = toPage(fetched, this.#conceal);
    const { success_selector: marker } = this.#how;
    if (marker !== undefined && findMarker(page, marker) !== undefined) {
      this.#pagesHaveMark = true;
      return { fetched };
    }
    if (this.#pagesHaveMark)
      return { fetched, signedOut: `${redactUrl(fetched.url)} lacks "${marker}" (success_selector)` };
    if (!this.#pagesAsk && hasPasswordInput(page, this.#how))
      return { fetched, signedOut: `${redactUrl(fetched.url)} asks for the password` };
    return { fetched };
  }

  /** Whether the form replaced another page. Some sites have the form and the page after it at one address. */
  #isLogin(asked: string, { url }: FetchedPage): boolean {
    const login = this.#how.login_url;
    return isSamePage(url, login) && !isSamePage(asked, login);
  }

  #notIn(why: string): ScrapeError {
    const url = redactUrl(this.#how.login_url);
    return new ScrapeError('sign_in', `signed in at ${url}, but: ${why}`, {
      url,
      hint: 'Check with a browser that this account may see the page, and that the site’s sign-in works without scripts.',
    });
  }
}

/** The site may have taken the request all the same. */
function sentOnceError(url: string, why: string): ScrapeError {
  return new ScrapeError('sign_in', `${why}, and the request is not sent a second time`, {
    url: redactUrl(url),
    hint: 'Set request.repeat to true if it may be sent twice, or run again.',
  });
}
