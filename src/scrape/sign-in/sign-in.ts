import type { FormSignIn } from '../config/authentication.ts';
import { getOriginalUrl } from '../extract/conceal-page.ts';
import { loadPage } from '../extract/load-page.ts';
import { findAll, isTextMatch, type Match, XPathFailure } from '../extract/select.ts';
import { getHeader } from '../http/exchange.ts';
import type { FetchedPage, Fetcher } from '../http/fetcher.ts';
import type { Page } from '../lib/page.ts';
import { redactUrl } from '../lib/page-url.ts';
import type { Conceal } from '../lib/redact.ts';
import { ScrapeError, withNote } from '../lib/scrape-error.ts';
import { fillLoginForm, hasPasswordInput } from './login-form.ts';

/** The text of a selector's first match on a page; undefined without a match. */
export function findMarker(page: Page, selector: string): string | undefined {
  const [found] = findMatches(page, selector);
  if (found === undefined) return undefined;
  const text = isTextMatch(found) ? found.text : page.$(found).text();
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** An expression that cannot be evaluated on a page matches nothing there. */
function findMatches(page: Page, selector: string): Match[] {
  try {
    return findAll(page, selector);
  } catch (error) {
    if (error instanceof XPathFailure) return [];
    throw error;
  }
}

/** A site's message about a failed sign-in is truncated to this length. */
const MAX_REASON_CHARACTERS = 200;

/** The parts of a fetcher that signing in needs. */
export type SignInFetcher = Pick<Fetcher, 'get' | 'submit' | 'isOwn'>;

/**
 * Fills in and sends the sign-in form. The session is then in the fetcher's cookies. The robots.txt is not checked for
 * this page: a person named it, and sites disallow theirs only to keep it out of search results.
 * @returns the page after the sign-in
 * @throws ScrapeError `sign_in` if the site refuses the sign-in; other kinds if it cannot be reached
 */
export async function signIn(
  fetcher: SignInFetcher,
  options: FormSignIn,
  signal: AbortSignal,
  conceal?: Conceal,
): Promise<Page> {
  const form = await fetcher
    .get(options.login_url, { signal, ignoreRobots: true })
    .catch((error: unknown) => rethrowAs(error, 'the page with the form was not given'));
  const at = toPage(form, conceal);
  const { action, body } = fillLoginForm(at, options);
  requireOwnHost(fetcher, getOriginalUrl(at), action);
  const landed = await fetcher
    .submit({ url: action, body, referer: getOriginalUrl(at) }, signal)
    .catch((error: unknown) => rethrowAs(error, 'the form was sent'));
  const page = toPage(landed, conceal);
  const reason = findRefusal(page, options);
  if (reason === undefined) return page;
  throw new ScrapeError('sign_in', `the sign-in at ${redactUrl(options.login_url)} failed: ${reason}`, {
    url: redactUrl(options.login_url),
    hint: 'Check username and password (secrets.env), and in a browser what the site asks for.',
  });
}

/** Why the sign-in failed; undefined if it succeeded. */
function findRefusal(page: Page, options: FormSignIn): string | undefined {
  const { success_selector: success, failure_selector: failure } = options;
  const failed = failure === undefined ? undefined : findMarker(page, failure);
  if (failed !== undefined) {
    const text = isOnPage(failed, page) ? failed.slice(0, MAX_REASON_CHARACTERS) : '';
    return text === '' ? `"${failure}" (failure_selector) matches` : `the site says "${text}"`;
  }
  if (success !== undefined)
    return findMarker(page, success) !== undefined
      ? undefined
      : `"${success}" (success_selector) matches nothing on ${redactUrl(page.url)}`;
  return hasPasswordInput(page, options) ? `${redactUrl(page.url)} asks for the password again` : undefined;
}

/**
 * A text that an expression computes is not the site's message. Redacting it in a message would confirm a guessed
 * secret.
 */
function isOnPage(text: string, { $ }: Page): boolean {
  return `${$.root().text()} ${$.html()}`.replaceAll(/\s+/g, ' ').includes(text);
}

/** The password is sent only to hosts that the configuration names, and never unencrypted from an encrypted page. */
function requireOwnHost(fetcher: SignInFetcher, from: string, action: string): void {
  const url = new URL(action);
  const isClear = url.protocol === 'http:' && from.startsWith('https:');
  if (fetcher.isOwn(url) && !isClear) return;
  const why = isClear ? 'without encryption' : 'a host that the configuration does not name';
  throw new ScrapeError(
    'sign_in',
    `the form of ${redactUrl(from)} would send the password to ${url.host}, ${why}`,
    {
      url: redactUrl(from),
      hint: `If that is meant, sign in there: set login_url to the page of ${url.host} that has the form.`,
    },
  );
}

export function toPage({ body, headers, url }: FetchedPage, conceal: Conceal | undefined): Page {
  return loadPage(body, getHeader(headers, 'content-type') || undefined, url, { conceal });
}

function rethrowAs(error: unknown, when: string): never {
  if (!(error instanceof ScrapeError)) throw error;
  const isRefusal = error.kind === 'http' && error.status !== undefined && error.status < 500;
  if (!isRefusal && error.kind !== 'robots') throw withNote(error, when);
  const { message, url, status } = error;
  throw new ScrapeError('sign_in', `cannot sign in: ${message} (${when})`, {
    ...(url !== undefined && { url }),
    ...(status !== undefined && { status }),
    hint: 'Check login_url, username and password, and in a browser what the site asks for.',
    cause: error,
  });
}
