import { parse } from 'yaml';
import { canParseUrl } from '../lib/can-parse-url.ts';
import { type ChangeRules, changesInput, completeChanges, EVERY_CHANGE } from '../model/change-rules.ts';
import { completeHistory, type HistoryRules, historyInput } from '../model/history-rules.ts';
import { type ParamDeclarations, readDeclarations } from '../model/params.ts';

/** The largest configuration, in bytes; 10,000 long addresses fit. */
export const MAX_CONFIG_BYTES = 2 * 1_048_576;
/** The hint for a larger configuration. */
export const CONFIG_TOO_LARGE_HINT =
  'A list of pages belongs to a sitemap, if the site has one, or into several configurations.';

/**
 * The limit for syntax that creates document nodes: lines, entries of `[…]` and `{…}`, and brackets. Each costs the
 * parser about 20 µs.
 */
export const MAX_CONFIG_ENTRIES = 50_000;

/** Counts these in a text, including those within quotes. */
export function countEntries(text: string): number {
  return text.match(/[\n,[\]{}]/g)?.length ?? 0;
}

/**
 * The host of a configuration's first address: `url`, the first of `urls`, the `sitemap`, the template of `urls_from`, or the first address from
 * `page_number`. `null` when no address is written out. The worker, which reads the configuration in full,
 * determines the final host.
 */
export function hostInConfig(text: string): string | null {
  const plain = PLAIN_ADDRESS.exec(text)?.[2];
  if (plain !== undefined) return hostOfAddress(plain);
  return hostOfAddress(addressesIn(parseConfigTree(text))[0]);
}

/** The first address in the usual form, which needs no parsing of the whole document. */
const PLAIN_ADDRESS =
  /^urls?:[ \t]*(?:\r?\n[ \t]*-[ \t]+|\[[ \t]*)?(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*(?:\r?$|[\],]|[ \t]#)/m;

/** The same for a single `url`. */
const PLAIN_ONE = /^url:[ \t]*(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*(?:\r?$|[ \t]#)/m;

/**
 * The distinct hosts of a configuration's addresses (`url`, `urls` or `sitemap`), in order; none where the addresses
 * are not written out.
 */
export function hostsInConfig(text: string): string[] {
  const one = PLAIN_ONE.exec(text)?.[2];
  const addresses = one === undefined ? (plainList(text) ?? addressesIn(parseConfigTree(text))) : [one];
  return [...new Set(addresses.flatMap((address) => hostOfAddress(address) ?? []))];
}

/** An entry in an address list, one per line: the usual form in configurations with several addresses. */
const PLAIN_ENTRY = /^[ \t]*-[ \t]+(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*$/;

/** Returns `undefined` when the list is not in the plain form. */
function plainList(text: string): string[] | undefined {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^urls:[ \t]*$/.test(line)) + 1;
  const addresses: string[] = [];
  for (const line of start === 0 ? [] : lines.slice(start)) {
    const address = PLAIN_ENTRY.exec(line)?.[2];
    if (address !== undefined) addresses.push(address);
    // Only a key of the top level ends the list.
    else return /^\w/.test(line) ? addresses : undefined;
  }
  return start === 0 ? undefined : addresses;
}

function addressesIn({ url, urls, sitemap, urls_from, pagination }: Record<string, unknown>): unknown[] {
  if (Array.isArray(urls)) return urls;
  if (urls_from !== undefined) return [fieldOf(urls_from, 'template')];
  if (url === undefined && sitemap === undefined) return [fieldOf(pagination, 'url_template')];
  return [
    url ?? (typeof sitemap === 'object' && sitemap !== null && 'url' in sitemap ? sitemap.url : sitemap),
  ];
}

function fieldOf(section: unknown, name: string): unknown {
  return typeof section === 'object' && section !== null
    ? Object.entries(section).find(([key]) => key === name)?.[1]
    : undefined;
}

/**
 * Returns the host name, with the port if it is not the default; `null` for other texts, and for a host that contains
 * `${…}`.
 */
export function hostOfAddress(address: unknown): string | null {
  const origin = typeof address === 'string' ? /^https?:\/\/[^/?#]+/i.exec(address)?.[0] : undefined;
  if (origin === undefined || origin.includes('$') || !canParseUrl(origin)) return null;
  return new URL(origin).host;
}

/**
 * What a configuration says about changes between runs, with `output.key` as the key if `changes` has none. Every change
 * counts where it cannot be read: the run process, which reads the configuration in full, reports why.
 */
export function changeRulesInConfig(text: string): ChangeRules {
  // Most configurations have neither and need not be parsed.
  if (!/\b(?:key|changes)\b/.test(text)) return EVERY_CHANGE;
  return changeRulesIn(parseConfigTree(text));
}

function changeRulesIn({ output, changes }: Record<string, unknown>): ChangeRules {
  const outputKey = keyFields(asMap(output)['key']);
  const parsed = changesInput().safeParse(changes ?? {});
  return parsed.success ? completeChanges(parsed.data, outputKey) : { ...EVERY_CHANGE, key: outputKey };
}

/** Which values of rows a configuration keeps; `undefined` without a `history`, and where it has no key or cannot be read. */
export function historyInConfig(text: string): HistoryRules | undefined {
  if (!/\bhistory\b/.test(text)) return undefined;
  const tree = parseConfigTree(text);
  const parsed = historyInput().safeParse(tree['history']);
  const changes = changeRulesIn(tree);
  return parsed.success && changes.key.length > 0 ? completeHistory(parsed.data, changes) : undefined;
}

/** The parameters that a configuration declares; `undefined` where they cannot be read, which a run reports. */
export function paramsInConfig(text: string): ParamDeclarations | undefined {
  if (!/^["']?params\b/m.test(text)) return {};
  const { params } = parseConfigTree(text);
  return params === undefined ? undefined : readDeclarations(params);
}

/** None where the key is not written out. */
function keyFields(key: unknown = []): string[] {
  const fields: unknown[] = Array.isArray(key) ? key : [key];
  const areSpeltOut = fields.every(
    (field) => typeof field === 'string' && field !== '' && !field.includes('$'),
  );
  return areSpeltOut ? (fields as string[]) : [];
}

/**
 * The fields of a configuration that hold the time of the fetch (`{page: fetched_at}`): a difference in them does not
 * make an item changed.
 */
export function fetchTimesInConfig(text: string): string[] {
  if (!/\bfetched_at\b/.test(text)) return [];
  const fields = fieldTree(text);
  return Object.keys(fields).filter((name) => asMap(fields[name])['page'] === 'fetched_at');
}

/** Whether a configuration takes its addresses from the files, or the rows of a job, of its home (`urls_from`). */
export function readsHomeInConfig(text: string): boolean {
  if (!/^["']?urls_from\b/m.test(text)) return false;
  const { urls_from: source } = parseConfigTree(text);
  // A text that cannot be parsed is for the home to reject.
  return (
    source === undefined || fieldOf(source, 'job') !== undefined || addressFilesInConfig(text).length > 0
  );
}

/** The files that have a configuration's addresses or values (`urls_from`), as written. */
export function addressFilesInConfig(text: string): string[] {
  if (!/^["']?urls_from\b/m.test(text)) return [];
  const { urls_from: source } = parseConfigTree(text);
  const values = Object.values(asMap(fieldOf(source, 'values')));
  return [source, ...values].flatMap((one) => {
    const file = typeof one === 'string' ? one : asMap(one)['file'];
    return typeof file === 'string' ? [file] : [];
  });
}

/**
 * Which texts are no value anywhere in a configuration, such as selectors that it no longer has; none when it cannot be
 * read. A value with a variable may be any text.
 */
export function absentFromConfig(text: string, values: readonly string[]): string[] {
  // The usual form, which needs no parsing: a long list of addresses takes a while.
  const plain = new Set(text.split('\n').map((line) => PLAIN_VALUE.exec(line)?.[2]));
  if (values.every((value) => plain.has(value))) return [];
  const tree = parseConfigTree(text);
  const known = new Set<string>();
  const left: unknown[] = [tree];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === 'string') known.add(toLine(value));
    else left.push(...Object.values(asMap(value)));
  }
  const isUnclear = known.size === 0 || [...known].some((value) => value.includes('${'));
  return isUnclear ? [] : values.filter((value) => !known.has(toLine(value)));
}

/** A key with its value on the same line. */
const PLAIN_VALUE = /^\s*[\w-]+:[ \t]+(["']?)([^"'\s].*?)\1\s*$/;

function toLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The names of a configuration's fields, with those of its detail pages; none when they cannot be read. */
export function fieldsInConfig(text: string): string[] {
  return Object.keys(fieldTree(text));
}

/** What a configuration says about a field, as it is written: a selector, or a map; `undefined` without such a field. */
export function fieldInConfig(text: string, name: string): unknown {
  return fieldOf(fieldTree(text), name);
}

function fieldTree(text: string): Record<string, unknown> {
  const fields = {};
  for (let level = parseConfigTree(text); Object.keys(level).length > 0; level = asMap(level['follow']))
    Object.assign(fields, asMap(level['selectors']));
  return fields;
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Parses a configuration's top level; empty when it cannot be parsed: a run will then fail and report the reason. */
function parseConfigTree(text: string): Record<string, unknown> {
  if (countEntries(text) > MAX_CONFIG_ENTRIES) return {};
  try {
    // Duplicate keys are left for the run to reject: checking them takes seconds for a map with thousands of keys.
    const tree: unknown = parse(text, { maxAliasCount: 0, uniqueKeys: false, logLevel: 'silent' });
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
