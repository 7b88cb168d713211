import * as z from 'zod';
import { webAddress } from './input-types.ts';
import type { Finding } from './issue-location.ts';
import { pageSelector } from './page-selector.ts';

/** HTTP Basic (RFC 7617). Sent to the hosts of the configuration's own addresses. */
export interface BasicSignIn {
  type: 'http_basic';
  username: string;
  password: string;
}

/** A sign-in form on a page of the site. Submitted if no earlier session can be continued, or if a session expired. */
export interface FormSignIn {
  type: 'form';
  login_url: string;
  username?: string;
  password: string;
  /** Names of inputs, or CSS selectors. Without them, the password input is found by its type. */
  username_field?: string;
  password_field?: string;
  /** Further inputs by name. */
  fields: Record<string, string>;
  /** Matches an element that only pages for signed-in users have. */
  success_selector?: string;
  /** Matches an element of the page that the site sends after a failed sign-in. */
  failure_selector?: string;
}

export type Authentication = BasicSignIn | FormSignIn;

const field = z.string().min(1).optional();
const fieldValue = z.union([z.string(), z.number()]).transform(String);

export const authenticationInput = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('http_basic').describe('User name and password with every request'),
    username: z
      .string()
      .refine((name) => !name.includes(':'), 'a user name for HTTP Basic cannot contain a colon')
      .describe('User name'),
    password: z.string().describe('Password; preferably a variable from secrets.env'),
  }),
  z.strictObject({
    type: z.literal('form').describe('A form on a page of the site'),
    login_url: webAddress.describe('Page with the sign-in form'),
    username: z.string().optional().describe('User name'),
    password: z.string().describe('Password; preferably a variable from secrets.env'),
    username_field: field.describe('Name of the input for the user name, or a CSS selector'),
    password_field: field.describe('Name of the input for the password, or a CSS selector'),
    fields: z.record(z.string(), fieldValue).default({}).describe('Other inputs of the form, by name'),
    success_selector: pageSelector.optional().describe('Selector that matches when signed in'),
    failure_selector: pageSelector.optional().describe('Selector that matches when the sign-in failed'),
  }),
]);

/** Fills in defaults. Absent optional keys stay absent. */
export function completeAuthentication(input: z.output<typeof authenticationInput>): Authentication {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as unknown as Authentication;
}

/** Returns the passwords written in the configuration itself; they are redacted from messages and logs. */
export function getWrittenPasswords(raw: unknown): Record<string, string> {
  const password = getPassword(raw);
  return password === undefined ? {} : { 'authentication.password': password };
}

/** Returns warnings about how a configuration signs in. */
export function warnAuthentication(
  raw: unknown,
  authentication: Authentication,
  headers: Readonly<Record<string, string>>,
): Finding[] {
  const findings: Finding[] = [];
  if (getPassword(raw) !== undefined) {
    const hint = `Put it into secrets.env of the home, SHOP_PASSWORD=…, and write $\{SHOP_PASSWORD} here.`;
    const message = 'the password is written in the configuration itself';
    findings.push({ path: ['authentication', 'password'], message, hint });
  }
  const header = Object.keys(headers).find((name) => name.toLowerCase() === 'authorization');
  if (authentication.type === 'http_basic' && header !== undefined) {
    const message = 'an Authorization header and authentication are both given';
    findings.push({ path: ['headers', header], part: 'key', message, hint: 'The header is used; keep one.' });
  }
  return findings;
}

function getPassword(raw: unknown): string | undefined {
  const password: unknown = typeof raw === 'object' && raw !== null && 'password' in raw && raw.password;
  return typeof password === 'string' && password !== '' && !/\$\{[A-Za-z_]/.test(password)
    ? password
    : undefined;
}
