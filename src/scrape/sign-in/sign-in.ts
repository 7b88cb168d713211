import { canParseUrl } from '../../core/lib/can-parse-url.ts';
import type { Conceal } from '../../core/lib/redact.ts';
import type { FormSignIn } from '../config/authentication.ts';
import { getOriginalUrl, withOriginalAttributes } from '../extract/conceal-page.ts';
import { loadPage } from '../extract/load-page.ts';
import { getOriginalBaseUrl } from '../extract/read-link.ts';
import { findElements, isTextMatch, type Match, SelectorFailure } from '../extract/select.ts';
import { getHeader } from '../http/exchange.ts';
import type { FetchedPage, Fetcher } from '../http/fetcher.ts';
import type { Page } from '../lib/page.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError, withNote } from '../lib/scrape-error.ts';

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
    .catch((error: unknown) => rethrowAs(error, 'the page with the form was refused'));
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
      hint: `If this is intended, sign in there: set login_url to the page of ${url.host} that has the form.`,
    },
  );
}

export function toPage({ body, headers, url }: FetchedPage, conceal: Conceal | undefined): Page {
  return loadPage(body, getHeader(headers, 'content-type') || undefined, url, { conceal });
}

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
    return findElements(page, selector);
  } catch (error) {
    if (error instanceof SelectorFailure) return [];
    throw error;
  }
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

/** The request that a filled-in form sends. */
interface FilledForm {
  action: string;
  /** As `application/x-www-form-urlencoded`. */
  body: string;
}

type Elements = ReturnType<ReturnType<Page['$']['root']>['find']>;
type Form = ReturnType<Elements['closest']>;

/**
 * Inputs that usually receive a name. The last one before the password is used, because a search field may come first.
 */
const NAME_INPUTS = 'input[type=email], input[type=text], input[type=tel], input:not([type])';
const SUBMIT_BUTTONS = 'button[type=submit], button:not([type]), input[type=submit]';

/**
 * Fills in the sign-in form of a page as a person would. Hidden inputs, tokens and presets are sent unchanged, and the
 * first button counts as pressed.
 * @throws ScrapeError `sign_in` if there is no such form
 */
function fillLoginForm(page: Page, options: FormSignIn): FilledForm {
  const password = findPasswordInput(page, options.password_field);
  const form = password.closest('form');
  if (form.length === 0) throw noFormError(page, 'the input for the password is not in a form');
  const button = form.find(SUBMIT_BUTTONS).filter('[name]:not([disabled])').first();
  const username = options.username === undefined ? undefined : findUsernameInput(page, form, options);
  return withOriginalAttributes(page, () =>
    toFilledForm(page, options, { form, button, username, password }),
  );
}

/** The parts of a form that are filled in. */
interface FormParts {
  form: Form;
  button: Elements;
  username: Elements | undefined;
  password: Elements;
}

function toFilledForm(
  page: Page,
  options: FormSignIn,
  { form, button, username, password }: FormParts,
): FilledForm {
  const values = new Map<string, string[]>();
  for (const { name, value } of form.serializeArray()) values.set(name, [...(values.get(name) ?? []), value]);
  values.set(button.attr('name') ?? '', [button.attr('value') ?? '']);
  values.delete('');
  if (username !== undefined) values.set(getName(page, username), [options.username ?? '']);
  values.set(getName(page, password), [options.password]);
  for (const [name, value] of Object.entries(options.fields)) values.set(name, [value]);
  if ((form.attr('method') ?? 'get').trim().toLowerCase() !== 'post') {
    throw noFormError(
      page,
      'the form would send the password as part of an address (its method is not post)',
    );
  }
  const written = form.attr('action')?.trim() || getOriginalUrl(page);
  const base = getOriginalBaseUrl(page);
  if (!canParseUrl(written, base)) throw noFormError(page, 'the form has no valid address to be sent to');
  const action = new URL(written, base).href;
  const pairs = [...values].flatMap(([name, all]) => all.map((value): [string, string] => [name, value]));
  return { action, body: new URLSearchParams(pairs).toString() };
}

/** Whether a page has a password input, as the configured form has. */
export function hasPasswordInput(
  page: Page,
  { password_field }: Pick<FormSignIn, 'password_field'>,
): boolean {
  return page.$.root().find('input[type=password]').length > 0 && findInput(page, password_field).length > 0;
}

function findPasswordInput(page: Page, field: string | undefined): Elements {
  const input = findInput(page, field);
  if (input.length > 0) return input;
  if (field !== undefined) throw noFormError(page, `there is no input "${field}" (password_field)`);
  throw noFormError(page, 'there is no input for a password');
}

function findInput(page: Page, field: string | undefined): Elements {
  const root = page.$.root();
  return field === undefined
    ? root.find('input[type=password]').first()
    : findByName(page, root.find('*'), field);
}

function findUsernameInput(page: Page, form: Form, { username_field: field }: FormSignIn): Elements {
  const input =
    field === undefined ? guessUsernameInput(page, form) : findByName(page, form.find('*'), field);
  if (input.length > 0) return input;
  const names = form.serializeArray().map(({ name }) => name);
  const hint = `Name it with username_field; the form has: ${names.join(', ')}.`;
  if (field === undefined) throw noFormError(page, 'the form has no plain input for a user name', hint);
  throw noFormError(page, `the form has no input "${field}" (username_field)`, hint);
}

function guessUsernameInput(page: Page, form: Form): Elements {
  const told = form.find('input[autocomplete=username], input[autocomplete=email]').first();
  if (told.length > 0) return told;
  const inputs = form.find(`${NAME_INPUTS}, input[type=password]`).toArray();
  const at = inputs.findIndex((input) => page.$(input).is('[type=password]'));
  return page.$(inputs.slice(Math.max(0, at - 1), at));
}

/** The element of that name, or the one that the selector matches. */
function findByName(page: Page, among: Elements, field: string): Elements {
  const byName = among.filter((_, element) => page.$(element).attr('name') === field).first();
  if (byName.length > 0) return byName;
  try {
    return among.filter(field).first();
  } catch {
    // A name such as user[name] may not be a valid selector.
    return byName;
  }
}

function getName(page: Page, input: Elements): string {
  const name = input.attr('name');
  if (name !== undefined && name !== '') return name;
  throw noFormError(page, 'an input of the form has no name: a script sends it');
}

function noFormError(page: Page, why: string, hint?: string): ScrapeError {
  const url = redactUrl(page.url);
  return new ScrapeError('sign_in', `cannot sign in at ${url}: ${why}`, {
    url,
    hint:
      hint ??
      'Check login_url, username_field and password_field. A form that only scripts fill and send cannot be used: send the resulting cookie or token under headers.',
  });
}
