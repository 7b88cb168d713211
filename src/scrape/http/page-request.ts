import { bodyEscape } from '../config/body-text.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { hasPlaceholder, type RequestSettings } from '../config/request.ts';
import type { JsonValue } from '../lib/page.ts';
import { redactUrl } from '../lib/page-url.ts';
import { ScrapeError } from '../lib/scrape-error.ts';

/** What the pages of a list are requested by. */
export interface RequestTemplate {
  request: RequestSettings;
  /** The parameter of the address whose value is sent in the body or in a header instead. */
  placeholder?: { name: string; isNumber: boolean };
}

/** One request for a page. */
export interface PageRequest {
  url: string;
  method: RequestSettings['method'];
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body?: string;
  mayRepeat: boolean;
  /** For logs: `POST https://shop.example/api (page 2)`. */
  label: string;
}

/** Returns the template of a configuration; undefined if its pages are requested by a plain GET. */
export function createRequestTemplate({
  request,
  pagination,
}: Pick<ScrapeConfig, 'request' | 'pagination'>): RequestTemplate | undefined {
  if (request === undefined) return undefined;
  if (pagination.type !== 'url_param' && pagination.type !== 'cursor') return { request };
  const name = pagination.param_name;
  return hasPlaceholder(request, name)
    ? { request, placeholder: { name, isNumber: pagination.type === 'url_param' } }
    : { request };
}

/**
 * Builds the request for a page. Pages stay named by their address: pagination puts its parameter there, and here its
 * value moves to the place of `{NAME}`. So it cannot change the structure of the body.
 * @param address of the page, with the parameter, unless there is no value yet
 */
export function buildRequest({ request, placeholder }: RequestTemplate, address: string): PageRequest {
  const url = new URL(address);
  const name = placeholder?.name ?? '';
  const text = placeholder === undefined ? undefined : (url.searchParams.get(name) ?? undefined);
  if (text !== undefined) url.searchParams.delete(name);
  const value = { placeholder, text };
  const body = writeBody(request, value);
  const { method, repeat: mayRepeat } = request;
  const at = text === undefined ? '' : ` (${name} ${shorten(text)})`;
  return {
    url: url.href,
    method,
    headers: { ...(body && { 'content-type': body.type }), ...fillHeaders(request.headers, value) },
    ...(body && { body: body.text }),
    mayRepeat,
    label: `${method} ${redactUrl(url)}${at}`,
  };
}

/** The value that takes the place of `{NAME}`. */
interface Value {
  placeholder: RequestTemplate['placeholder'];
  /** Undefined where there is none yet, as for the first page of a cursor. */
  text: string | undefined;
}

function writeBody(
  { json, form, body, graphql, content_type }: RequestSettings,
  value: Value,
): { type: string; text: string } | undefined {
  if (json !== undefined) return { type: 'application/json', text: JSON.stringify(fillJson(json, value)) };
  if (graphql !== undefined) {
    const { query, variables } = graphql;
    const filled = variables === undefined ? {} : { variables: fillJson(variables, value) };
    return { type: 'application/json', text: JSON.stringify({ query, ...filled }) };
  }
  if (form !== undefined) return { type: 'application/x-www-form-urlencoded', text: fillForm(form, value) };
  if (body === undefined) return undefined;
  return {
    type: content_type ?? 'text/plain; charset=utf-8',
    text: fillText(body, value, bodyEscape(body)),
  };
}

/** A text that is only the placeholder becomes the value itself: a number for a page, null where there is none. */
function fillJson(tree: unknown, value: Value): JsonValue {
  if (typeof tree === 'string') return isOnlyPlaceholder(tree, value) ? toJson(value) : fillText(tree, value);
  if (Array.isArray(tree)) return tree.map((entry) => fillJson(entry, value));
  if (typeof tree !== 'object' || tree === null) return tree as JsonValue;
  return Object.fromEntries(Object.entries(tree).map(([key, entry]) => [key, fillJson(entry, value)]));
}

function toJson({ placeholder, text }: Value): JsonValue {
  if (text === undefined) return null;
  return placeholder?.isNumber && /^\d+$/.test(text) ? Number(text) : text;
}

/** A field that has no value yet is left out. */
function fillForm(form: NonNullable<RequestSettings['form']>, value: Value): string {
  const filled = new URLSearchParams();
  for (const [name, entries] of Object.entries(form))
    for (const entry of [entries].flat()) {
      const text = String(entry);
      if (value.text !== undefined || !isOnlyPlaceholder(text, value))
        filled.append(name, fillText(text, value));
    }
  return filled.toString();
}

function fillHeaders(headers: RequestSettings['headers'], value: Value): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, text]) => value.text !== undefined || !isOnlyPlaceholder(text, value))
      .map(([name, text]) => [name.toLowerCase(), fillText(text, value)]),
  );
}

function isOnlyPlaceholder(text: string, { placeholder }: Value): boolean {
  return placeholder !== undefined && text === `{${placeholder.name}}`;
}

function fillText(
  text: string,
  { placeholder, text: value = '' }: Value,
  write: (value: string) => string = (same) => same,
): string {
  return placeholder === undefined ? text : text.replaceAll(`{${placeholder.name}}`, () => write(value));
}

const MAX_SHOWN_VALUE = 40;

/** A value of a page, for one line of a log. */
function shorten(value: string): string {
  const line = value.replaceAll(/[\s\p{C}]+/gu, ' ');
  return line.length <= MAX_SHOWN_VALUE ? line : `${line.slice(0, MAX_SHOWN_VALUE)}…`;
}

/**
 * Returns the request with which a redirect is followed. As in browsers, 301, 302 and 303 are followed by a GET without
 * body; 307 and 308 ask for the same request.
 * @param status of the answer; any other than a redirect's is that of a page with a refresh tag
 * @throws ScrapeError `redirect` if that would send the request a second time, or to another site
 */
export function followRedirect(request: PageRequest, status: number, from: URL, target: URL): PageRequest {
  if (request.method === 'GET') return request;
  if (status === 307 || status === 308) {
    if (request.mayRepeat && from.origin === target.origin) return request;
    throw refuseResendError(request, from, target);
  }
  const { body: _, headers, ...rest } = request;
  const { 'content-type': __, ...others } = headers;
  return { ...rest, headers: others, method: 'GET' };
}

function refuseResendError({ method, mayRepeat }: PageRequest, from: URL, target: URL): ScrapeError {
  const message = `${redactUrl(from)} asks for the ${method} to be sent again, to ${redactUrl(target)}`;
  const again = mayRepeat ? '' : ', or request.repeat to true if it may be sent twice';
  return new ScrapeError('redirect', message, {
    url: redactUrl(from),
    hint: `Set url to the address that it leads to${again}.`,
  });
}

/** A body, and a method that may change something, go to the hosts that the configuration names. */
export function foreignRequestError({ method }: PageRequest, url: URL): ScrapeError {
  return new ScrapeError(
    'config',
    `${redactUrl(url)} lies at another host, and request sends no ${method} there`,
    {
      url: redactUrl(url),
      hint: 'Add an address of that host to urls, if the next pages are there.',
    },
  );
}

/** Returns the address under which a page is known that a redirect led to: with the parameter that was sent otherwise. */
export function withPlaceholder(url: string, { placeholder }: RequestTemplate, address: string): string {
  const value = placeholder && new URL(address).searchParams.get(placeholder.name);
  if (placeholder === undefined || value === null || value === undefined) return url;
  const named = new URL(url);
  named.searchParams.set(placeholder.name, value);
  return named.href;
}
