import type { ConfigAccess } from '../../core/configs/config-access.ts';
import { findWrittenSecrets } from '../../core/configs/written-secrets.ts';
import { asRecord } from '../../core/lib/json.ts';
import type { Redact } from '../../core/lib/redact.ts';
import { canonicalJson } from '../../core/quality/comparison-key.ts';
import { getPrivateHosts } from '../lib/address-policy.ts';
import { SAFE_HEADERS } from '../lib/redact.ts';
import { BACKEND_NAMES, completeBackend } from './connection.ts';
import { listWrittenFollows } from './follow.ts';
import { formatPath, type Path } from './issue-location.ts';
import { BROWSER_PAGINATION_TYPES } from './pagination.ts';
import { describeChangingRequest } from './request.ts';
import { hostToOrigin, listTemplateHosts } from './urls-from.ts';
import { type ExpandedTree, hostPart } from './variables.ts';

type Tree = Readonly<Record<string, unknown>>;

/**
 * Collects what a configuration would reach. It reads the tree and not the validated configuration, because a
 * configuration whose variables are not set here does not match the schema but is saved all the same.
 * @param raw the tree as it is written
 * @param yaml its text
 * @param redact replaces a host that is a variable's value with `${NAME}`
 * @param others addresses that jobs may choose instead of its own
 */
export function collectFacts(
  raw: Tree,
  filled: ExpandedTree,
  redact: Redact,
  yaml: string,
  others: readonly string[] = [],
): ConfigAccess {
  const tree = asRecord(filled.value);
  const [outputPath = null] = asTexts(asRecord(raw['output'])['path']);
  const [caFile = null] = asTexts(raw['ca']);
  return {
    privateHosts: getPrivateHosts(
      [...collectUrls(tree), ...others].map((address) => address.replaceAll('{page}', '1')),
      asTexts(tree['allow_private_hosts']),
    ).map(redact),
    outputPath,
    caFile,
    addressFiles: listAddressFiles(raw['urls_from']),
    addressJob: asTexts(asRecord(raw['urls_from'])['job'])[0] ?? null,
    variables: filled.names,
    references: filled.references.map(({ path, text }) => ({
      path: formatPath(path),
      text,
      ways: describePath(path, raw),
    })),
    secrets: findWrittenSecrets(yaml).map(({ path, value }) => ({
      path,
      text: value,
      ways: describePath(path.split('.'), raw),
    })),
    addresses: [
      ...collectUrls(raw),
      ...(raw['urls_from'] === undefined ? [] : [canonicalJson(raw['urls_from'])]),
    ],
    needsBrowser: needsBrowser(raw),
    countedBy: countedBy(asRecord(raw['pagination'])),
    headers: [
      ...listHeaders(raw['headers']),
      ...listHeaders(asRecord(raw['request'])['headers']).map((header) => ({
        ...header,
        under: 'request' as const,
      })),
    ],
    concurrency: getPublicConcurrency(tree, [...collectUrls(tree), ...others]),
    request: getRequest(raw['request']),
  };
}

/**
 * Headers that are not secret by their name follow the pages' links, so every key that chooses these pages counts. (The
 * fetcher sends a variable's value to the configuration's own hosts only; this is a second lock.) Credentials go only
 * into the named form, so only the form's own keys count.
 */
function describePath([first, second]: Path, raw: Tree): string {
  // Another query with the same value could publish it.
  if (first === 'request') return canonicalJson(REQUEST_WAYS.map((key) => raw[key] ?? null));
  if (first === 'user_agent' || (first === 'headers' && SAFE_HEADERS.has(String(second).toLowerCase())))
    return canonicalJson([
      raw['pagination'],
      raw['sitemap'],
      raw['crawl'],
      raw['urls_from'],
      raw['backend'],
      raw['authentication'],
      raw['follow'] === undefined
        ? []
        : [...listWrittenFollows(raw).map(({ tree }) => tree['selector']), raw['item'], raw['dedupe']],
    ]);
  if (first !== 'authentication') return '';
  const { success_selector: _, failure_selector: __, ...form } = asRecord(raw['authentication']);
  return canonicalJson(form);
}

/** The keys that decide what becomes of a value in the request. A header may follow the pages' links. */
const REQUEST_WAYS = [
  'request',
  'pagination',
  'sitemap',
  'urls_from',
  'backend',
  'authentication',
  'follow',
] as const;

function listHeaders(headers: unknown): { name: string; text: string }[] {
  return Object.entries(asRecord(headers)).map(([name, text]) => ({ name, text: String(text) }));
}

function getRequest(request: unknown): ConfigAccess['request'] {
  if (request === undefined) return null;
  return { text: canonicalJson(request), does: describeChangingRequest(request) };
}

/** Private hosts are allowed by name. An address that is not known yet counts as one of the internet. */
function getPublicConcurrency(tree: Tree, addresses: readonly string[]): number | null {
  const { concurrency } = tree;
  if (concurrency === undefined || concurrency === 1) return null;
  const isPrivate = (address: string) => getPrivateHosts([address.replaceAll('{page}', '1')], []).length > 0;
  const isOwn = addresses.length > 0 && tree['urls_from'] === undefined && addresses.every(isPrivate);
  return isOwn ? null : Number(concurrency);
}

function countedBy({ type, param_name, param }: Tree): string | null {
  if (type === 'cursor') return String(param_name ?? 'cursor');
  return type === 'url_param' ? String(param_name ?? param) : null;
}

function needsBrowser({ backend, pagination }: Tree): boolean {
  const name = BACKEND_NAMES.find((known) => known === backend);
  const growing: readonly unknown[] = BROWSER_PAGINATION_TYPES;
  return (
    (name !== undefined && completeBackend(name) === 'browser') ||
    growing.includes(asRecord(pagination)['type'])
  );
}

/** Returns the files that may have the addresses, as written. */
function listAddressFiles(source: unknown): string[] {
  const { file, values } = asRecord(source);
  const ofValues = Object.values(asRecord(values)).flatMap((one) => [one, asRecord(one)['file']]);
  return [source, file, ...ofValues].flatMap((one) => (typeof one === 'string' ? [one] : []));
}

/** Returns an address of each host that the text itself names. */
function listSourceHosts({ template, values, hosts }: Tree): string[] {
  const own = asTexts(hosts).flatMap((host) => hostToOrigin(host) ?? []);
  return typeof template === 'string'
    ? [...own, ...listTemplateHosts(hostPart(template), asRecord(values))]
    : own;
}

function collectUrls(tree: Tree): string[] {
  const template = asRecord(tree['pagination'])['url_template'];
  const login = asRecord(tree['authentication'])['login_url'];
  const sitemap = [tree['sitemap'], asRecord(tree['sitemap'])['url']].flatMap(asTexts);
  return [
    ...asTexts(tree['url']),
    ...asTexts(tree['urls']),
    ...sitemap,
    ...listSourceHosts(asRecord(tree['urls_from'])),
    ...asTexts(template),
    ...asTexts(login),
    ...asTexts(tree['proxy']),
  ];
}

function asTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'string');
  return typeof value === 'string' ? [value] : [];
}
