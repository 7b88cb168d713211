import * as z from 'zod';
import { encodeForUrl } from './body-text.ts';
import { findAddressProblem } from './input-types.ts';

/** The values of a placeholder: all whole numbers of a range, or a list; or those that a file has. */
export type TemplateValues =
  | { from: number; to: number; step: number; pad: number }
  | { list: string[] }
  | { file: string; field?: string };

/**
 * Where the addresses of a run come from, if they are not written out: a file, a template, or the rows of another job.
 * Paths are as written.
 */
export type UrlsFrom =
  | { type: 'file'; file: string; field?: string }
  | { type: 'template'; template: string; values: Record<string, TemplateValues> }
  | { type: 'job'; job: string; field: string; only?: 'new'; hosts: string[] };

/** Returns the names of placeholders, each once, in their order. */
export function placeholdersIn(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

/** Returns the host of a template with each of the values that choose it, as addresses. @param host with its scheme */
export function listTemplateHosts(host: string, values: Readonly<Record<string, unknown>>): string[] {
  return placeholdersIn(host).reduce(
    (hosts, name) => {
      const list: unknown = values[name];
      const each = Array.isArray(list) ? list.map(String) : [];
      return hosts.flatMap((one) => each.map((value) => one.replaceAll(`{${name}}`, encodeForUrl(value))));
    },
    [host],
  );
}

/** The endings of files that may hold addresses or values. */
export const ADDRESS_FILE_ENDINGS = ['.csv', '.tsv', '.txt', '.json', '.jsonl', '.ndjson'] as const;

/** The most pages that a run is given, and the total of all their addresses: a million long ones would take 2 GB. */
export const MAX_START_URLS = 500_000;
export const MAX_START_CHARACTERS = 20_000_000;

/** A placeholder of a template: `{id}`, and not the reference to a variable. */
export const PLACEHOLDER = /(?<!\$)\{([^{}]*)\}/g;

const file = z.string().superRefine((path, context) => {
  if (!path.includes('\0') && ADDRESS_FILE_ENDINGS.some((ending) => path.toLowerCase().endsWith(ending)))
    return;
  context.addIssue({
    code: 'custom',
    message: `not a file of addresses: its name ends in none of ${ADDRESS_FILE_ENDINGS.join(', ')}`,
    params: {
      hint: 'Name a table with a header (.csv, .tsv), a text with one a line (.txt), or JSON (.json, .jsonl).',
    },
  });
});

const field = z
  .string()
  .min(1)
  .optional()
  .describe(
    'The column of a table, or the key of a JSON object; default: url, link or address, or the only one',
  );

const whole = z.int().min(-1e15).max(1e15);

const values = z.union([
  z.array(z.union([z.string().min(1), z.number()])).min(1),
  file,
  z.strictObject({
    from: whole.describe('The first number'),
    to: whole.describe('The last number'),
    step: z.int().positive().max(1e15).default(1).describe('The distance between two numbers'),
    pad: z.int().min(1).max(30).default(1).describe('Digits, at least: 4 makes 0001'),
  }),
  z.strictObject({
    file: file.describe('A file that has the values'),
    field: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The column of a table, or the key of a JSON object; default: the name of the placeholder, or the only one',
      ),
  }),
]);

const template = z.string().superRefine((text, context) => {
  // Only a number fits into a port, and numbers fit everywhere.
  const problem = findAddressProblem(text.replaceAll(PLACEHOLDER, '1'), text);
  if (problem === undefined) return;
  context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
});

export const urlsFromInput = z
  .union([
    file,
    z.strictObject({
      file: file.describe(
        'A file of addresses (csv, txt, jsonl, json); a relative path begins beside the configuration',
      ),
      field,
    }),
    z.strictObject({
      template: template.describe('An address with placeholders: "https://shop.example/p/{id}"'),
      values: z
        .record(z.string(), values)
        .describe(
          'What each placeholder stands for: a list, {from, to, step, pad}, or a file: ids.csv, {file, field}',
        ),
    }),
    z.strictObject({
      job: z
        .string()
        .min(1)
        .describe('The job whose rows have the addresses: those of its last succeeded run'),
      field: z.string().min(1).describe('The field of its rows that has the address'),
      only: z
        .literal('new')
        .optional()
        .describe('Take only addresses that no succeeded run of this job has taken before'),
      hosts: z
        .array(hostInput())
        .default([])
        .describe('Hosts that are this configuration’s own: they receive its headers and its sign-in'),
    }),
  ])
  .describe(
    'Addresses from a file, a template, or the rows of another job; in place of url, urls and sitemap',
  );

/** The name of a host, which means https, or an origin such as `http://10.0.0.5:8080`. */
function hostInput() {
  return z.string().superRefine((text, context) => {
    const origin = hostToOrigin(text);
    if (origin !== undefined) return;
    context.addIssue({
      code: 'custom',
      message: 'not the name of a host',
      params: { hint: 'Write shop.example, which means https, or "http://shop.example:8080".' },
    });
  });
}

/** Returns the origin that an entry of `hosts` means; undefined if it is none. */
export function hostToOrigin(text: string): string | undefined {
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (findAddressProblem(address) !== undefined) return undefined;
  const { origin, pathname, search, hash, username } = new URL(address);
  return pathname === '/' && search + hash + username === '' ? `${origin}/` : undefined;
}

export function completeUrlsFrom(input: z.output<typeof urlsFromInput>): UrlsFrom {
  if (typeof input === 'string') return { type: 'file', file: input };
  if ('template' in input) {
    const entries = Object.entries(input.values).map(([name, one]) => [name, completeValues(one)] as const);
    return {
      type: 'template',
      template: input.template,
      values: Object.fromEntries(entries) as Record<string, TemplateValues>,
    };
  }
  if ('job' in input) {
    const { job, field, only, hosts } = input;
    return { type: 'job', job, field, hosts, ...(only !== undefined && { only }) };
  }
  const { file, field } = input;
  return { type: 'file', file, ...(field !== undefined && { field }) };
}

function completeValues(input: z.output<typeof values>) {
  if (typeof input === 'string') return { file: input };
  return Array.isArray(input) ? { list: input.map(String) } : input;
}

/** Returns the files that a source reads, as written. */
export function filesOf(source: UrlsFrom): string[] {
  if (source.type === 'file') return [source.file];
  if (source.type === 'job') return [];
  return Object.values(source.values).flatMap((one) => ('file' in one ? [one.file] : []));
}
