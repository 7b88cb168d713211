import * as z from 'zod';
import { asRecord, isRecord } from '../../core/lib/json.ts';
import type { JsonValue } from '../lib/page.ts';
import { isReadingQuery } from './graphql-query.ts';

const headerValue = z
  .union([z.string(), z.number()])
  .refine((value) => !/[\r\n\0]/.test(String(value)), 'a header value cannot contain a line break');

export const headersInput = z.record(z.string(), headerValue).superRefine((values, context) => {
  for (const name of Object.keys(values)) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `"${name}" cannot be the name of a header`,
      });
    }
  }
});

/** Values of headers as texts. */
export function completeHeaders(input: z.output<typeof headersInput> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, String(value)]));
}

/** The keys for a body, of which a request has at most one. */
const BODY_KEYS = ['json', 'form', 'body', 'graphql'] as const;

type FormValue = string | number | boolean;

/** How the pages of a list are requested. */
export interface RequestSettings {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** At most one of these four. */
  json?: JsonValue;
  form?: Readonly<Record<string, FormValue | readonly FormValue[]>>;
  body?: string;
  graphql?: { query: string; variables?: Readonly<Record<string, JsonValue>> };
  /** Of `body`. */
  content_type?: string;
  headers: Readonly<Record<string, string>>;
  /** Whether the request may be sent again after a failure. */
  repeat: boolean;
}

const jsonValue = z
  .unknown()
  .refine(isJson, 'holds what JSON cannot say, such as .nan or .inf')
  .transform((value) => value as JsonValue);

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return ['string', 'boolean', 'object'].includes(typeof value);
  return Object.values(value).every(isJson);
}

const formValue = z.union([z.string(), z.number(), z.boolean()]);

const fields = z.strictObject({
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH'])
    .optional()
    .describe('Default: POST with a body, otherwise GET'),
  json: jsonValue.optional().describe('Body: this value as JSON'),
  form: z
    .record(z.string(), z.union([formValue, z.array(formValue)]))
    .optional()
    .describe('Body: the fields of a form'),
  body: z.string().optional().describe('Body: this text'),
  content_type: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(?:\s*;[^\r\n\0]*)?$/, 'is no content type, such as application/xml')
    .optional()
    .describe('Content type of body; default text/plain'),
  graphql: z
    .strictObject({
      query: z.string().min(1).describe('The query'),
      variables: z.record(z.string(), jsonValue).optional().describe('Values of its variables'),
    })
    .optional()
    .describe('Body: a query of GraphQL'),
  headers: headersInput.optional().describe('Headers of these requests, besides the other headers'),
  repeat: z
    .boolean()
    .optional()
    .describe('Whether to send it again after a failure; default: only GET and queries of GraphQL'),
});

type Fields = z.output<typeof fields>;

export const requestInput = fields
  .superRefine((input, context) => {
    const report = (path: string[], message: string, hint: string) =>
      context.addIssue({ code: 'custom', path, message, params: { hint } });
    const [body, second] = BODY_KEYS.filter((key) => input[key] !== undefined);
    if (body !== undefined && second !== undefined)
      report([second], `${body} and ${second} are both given`, 'A request has one body: keep one of them.');
    if (input.method === 'GET' && body !== undefined)
      report(['method'], `GET sends no ${body}`, 'Write method: POST, or put the values into the address.');
    if (input.graphql !== undefined && !['GET', 'POST', undefined].includes(input.method))
      report(['method'], `graphql is sent by POST, not by ${input.method}`, 'Remove method.');
    if (input.content_type !== undefined && input.body === undefined)
      report(['content_type'], 'content_type is for body', 'Remove it, or write the text under body.');
    const agent = Object.keys(input.headers ?? {}).find((name) => name.toLowerCase() === 'user-agent');
    if (agent !== undefined)
      report(['headers', agent], 'is not sent from here', 'Write user_agent at the top level.');
  })
  .describe('How the pages of the list are requested, if not by a plain GET');

/** Applies the defaults. */
export function completeRequest(input: Fields): RequestSettings {
  const { json, form, body, graphql, content_type, headers } = input;
  const hasBody = BODY_KEYS.some((key) => input[key] !== undefined);
  const method = input.method ?? (hasBody ? 'POST' : 'GET');
  return {
    method,
    ...(json !== undefined && { json }),
    ...(form !== undefined && { form }),
    ...(body !== undefined && { body }),
    ...(graphql !== undefined && {
      graphql: {
        query: graphql.query,
        ...(graphql.variables !== undefined && { variables: graphql.variables }),
      },
    }),
    ...(content_type !== undefined && { content_type }),
    headers: completeHeaders(headers),
    repeat: input.repeat ?? (method === 'GET' || (graphql !== undefined && isReadingQuery(graphql.query))),
  };
}

/**
 * Returns what a request does besides reading, as half a sentence; null if it only reads. It takes the map as it is
 * written: a text that holds a parameter or a variable may become anything.
 */
export function describeChangingRequest(raw: unknown): string | null {
  if (!isRecord(raw)) return null;
  const { method, graphql } = raw;
  if (graphql !== undefined && (method === undefined || method === 'POST')) {
    const { query } = asRecord(graphql);
    const isFixed = typeof query === 'string' && !query.includes('${');
    return isFixed && isReadingQuery(query) ? null : 'sends a query that may change something';
  }
  const hasBody = BODY_KEYS.some((key) => raw[key] !== undefined);
  const sent = typeof method === 'string' ? method : hasBody ? 'POST' : 'GET';
  return sent === 'GET' && !hasBody ? null : `sends ${sent.slice(0, 20)}`;
}

/** Whether a value of the page goes into the body, or into a header: `{page}`. */
export function hasPlaceholder(request: RequestSettings, name: string): boolean {
  const { json, form, body, graphql, headers } = request;
  return hasText([json, form, body, graphql?.variables, headers], `{${name}}`);
}

function hasText(tree: unknown, part: string): boolean {
  if (typeof tree === 'string') return tree.includes(part);
  if (typeof tree !== 'object' || tree === null) return false;
  return Object.values(tree).some((entry) => hasText(entry, part));
}
