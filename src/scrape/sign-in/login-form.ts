import type { FormSignIn } from '../config/authentication.ts';
import { getOriginalUrl, withOriginalAttributes } from '../extract/conceal-page.ts';
import { getOriginalBaseUrl } from '../extract/read-link.ts';
import type { Page } from '../lib/page.ts';

import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** The request that a filled-in form sends. */
export interface FilledForm {
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
export function fillLoginForm(page: Page, options: FormSignIn): FilledForm {
  const password = findPasswordInput(page, options.password_field);
  const form = password.closest('form');
  if (form.length === 0) throw noFormError(page, 'the input for the password stands in no form');
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
  if (!URL.canParse(written, base)) throw noFormError(page, 'the form is sent to what is no address');
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
      'Check login_url, username_field and password_field. A form that only scripts fill and send cannot be used: send what it ends in, a cookie or a token, under headers.',
  });
}
