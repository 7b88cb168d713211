import { ADDRESS_EXAMPLE, hasTwoSchemes, hostEntry, oneWordHost } from '../../core/configs/typed-address.ts';
import { isCredentialHeader, isSecretValue } from '../../core/configs/written-secrets.ts';
import { asRecord } from '../../core/lib/json.ts';
import { fileExtension, formatFromPath } from '../../core/model/output-format.ts';
import { parseHostEntry } from '../lib/address-policy.ts';
import { warnAuthentication } from './authentication.ts';
import { getColumns, getFieldNames } from './config-fields.ts';
import type { ScrapeConfig } from './config-schema.ts';
import { BACKEND_NAMES, CA_HINT, completeBackend, readCertificates } from './connection.ts';
import { checkFollow, getWrittenFields } from './follow.ts';
import { type Finding, formatPath, type Path } from './issue-location.ts';
import { findNearestName } from './nearest-name.ts';
import { BROWSER_PAGINATION_TYPES } from './pagination.ts';

type Tree = Readonly<Record<string, unknown>>;

/**
 * Checks that `follow` adds fields that are new, and that `dedupe` names fields that exist. It reads the raw map,
 * because the rules apply even if other parts are invalid.
 */
export function checkRowFields(raw: Tree): Finding[] {
  return [...checkFollow(raw), ...findUnknownKeys(raw['dedupe'], Object.keys(getWrittenFields(raw)))];
}

function findUnknownKeys(dedupe: unknown, fields: readonly string[]): Finding[] {
  const names = Array.isArray(dedupe) ? dedupe : [dedupe];
  return names.flatMap((name, index) => {
    if (typeof name !== 'string' || name === '' || name.includes('${') || fields.includes(name)) return [];
    return {
      path: Array.isArray(dedupe) ? ['dedupe', index] : ['dedupe'],
      message: `there is no field "${name}"`,
      hint: hintForField(name, fields),
    };
  });
}

export function hintForField(name: string, fields: readonly string[]): string {
  if (fields.length === 0)
    return 'Name the columns of the table as fields: selectors: {price: {column: "Price"}}.';
  const suggestion = findNearestName(name, fields);
  return suggestion === undefined ? `Fields: ${fields.join(', ')}.` : `Did you mean "${suggestion}"?`;
}

/** Keys that say where pages come from. One is required, unless `page_number` generates the addresses. */
export const SOURCE_KEYS = ['url', 'urls', 'sitemap', 'urls_from'] as const;
/** Groups of keys with the same meaning: at most one key of each group is allowed. */
export const EXCLUSIVE_KEYS = [
  ['url', 'urls'],
  ['url', 'sitemap'],
  ['urls', 'sitemap'],
  ['url', 'urls_from'],
  ['urls', 'urls_from'],
  ['sitemap', 'urls_from'],
  ['delays', 'wait_time'],
  ['table', 'item'],
  ['crawl', 'request'],
] as const;

/** Checks pairs of top-level keys. It reads the raw map, because the rules apply even if other parts are invalid. */
export function checkExclusiveKeys(raw: Tree): Finding[] {
  const has = (key: string) => Object.hasOwn(raw, key);
  const findings: Finding[] = [];
  if (!SOURCE_KEYS.some(has) && getNested(raw['pagination'], 'type') !== 'page_number') {
    findings.push({
      path: ['url'],
      message: 'is missing',
      hint: 'Add the page to start from: url: "https://example.com"',
    });
  }
  if (has('url') && has('urls')) {
    const hint = 'Keep one: move the address of url into the list.';
    findings.push({ path: ['urls'], part: 'key', message: 'url and urls are both given', hint });
  }
  const other = (['url', 'urls'] as const).find(has);
  if (has('sitemap') && other !== undefined) {
    const hint = 'Keep one: the pages of a sitemap, or those of a list.';
    findings.push({ path: ['sitemap'], part: 'key', message: `${other} and sitemap are both given`, hint });
  }
  if (has('sitemap') && getNested(raw['pagination'], 'type') === 'page_number') {
    const message = 'page_number fetches the addresses of url_template, and not the pages of the sitemap';
    const hint = 'Remove pagination, or write url: instead of the sitemap.';
    findings.push({ path: ['pagination', 'type'], message, hint });
  }
  if (has('delays') && has('wait_time')) {
    const hint = 'Keep delays; wait_time is its older name.';
    findings.push({ path: ['wait_time'], part: 'key', message: 'delays and wait_time are both given', hint });
  }
  return [...findings, ...warnNeedsBrowser(raw)];
}

/** Finds settings that are valid but probably not intended. */
export function findWarnings(config: ScrapeConfig, raw: Tree): Finding[] {
  const findings: Finding[] = [];
  const agent = Object.keys(config.headers).find((name) => name.toLowerCase() === 'user-agent');
  if (agent !== undefined && config.user_agent !== undefined) {
    const message = 'a User-Agent header and user_agent are both given';
    findings.push({ path: ['headers', agent], part: 'key', message, hint: 'user_agent is used; keep one.' });
  }
  if (raw['backend'] === 'cloudscraper') {
    const message = 'cloudscraper does not pass a site’s checks here: it fetches plainly, as requests does';
    const hint = `Write backend: requests, or browser for pages made by scripts. Allowed: ${BACKEND_NAMES.join(', ')}.`;
    findings.push({ path: ['backend'], message, hint });
  }
  if (config.wait_for !== undefined && config.backend === 'plain') {
    const hint = 'Set backend: browser, or remove wait_for.';
    findings.push({ path: ['wait_for'], part: 'key', message: 'wait_for is for a browser', hint });
  }
  if (config.concurrency !== undefined && config.backend === 'browser') {
    const message = 'a browser shows one page after the other, so concurrency has no effect';
    findings.push({ path: ['concurrency'], part: 'key', message, hint: 'Remove it, or backend: browser.' });
  }
  const { path = '', format } = config.output;
  const named = formatFromPath(path);
  if (named !== undefined && format !== undefined && named !== format) {
    const message = `the file is named ${fileExtension(path)} and the format is ${format}`;
    findings.push({ path: ['output', 'path'], message, hint: `Set format: ${named}, or rename the file.` });
  }
  findings.push(...findUnknownExpectedFields(config));
  findings.push(...findUnknownKeyFields(config, raw));
  const authorities = config.ca === undefined ? undefined : readCertificates(config.ca);
  if (authorities !== undefined && 'problem' in authorities)
    findings.push({ path: ['ca'], message: `the file ${authorities.problem}`, hint: CA_HINT });
  findings.push(...warnUrlPasswords(raw));
  if (config.authentication !== undefined)
    findings.push(...warnAuthentication(raw['authentication'], config.authentication, config.headers));
  return findings;
}

/** Finds fields that `expect` names but that do not exist: every run would fail. */
function findUnknownExpectedFields(config: ScrapeConfig): Finding[] {
  const { required_fields = [], min_fill_percent = {} } = config.expect;
  const fields = getFieldNames(config);
  const unknown = (name: string, path: Path, part: 'key' | 'value'): Finding[] => {
    if (fields.includes(name)) return [];
    const hint = hintForField(name, fields);
    return [{ path, part, message: `there is no field "${name}"`, hint }];
  };
  return [
    ...required_fields.flatMap((name, index) => unknown(name, ['expect', 'required_fields', index], 'value')),
    ...Object.keys(min_fill_percent).flatMap((name) =>
      unknown(name, ['expect', 'min_fill_percent', name], 'key'),
    ),
  ];
}

/** Finds fields of `output.key` that do not exist: they would tell no rows apart. */
function findUnknownKeyFields(config: ScrapeConfig, { output }: Tree): Finding[] {
  const fields = getColumns(config);
  const isList = Array.isArray(getNested(output, 'key'));
  return config.output.key.flatMap((name, index) => {
    if (fields.includes(name)) return [];
    const path = isList ? ['output', 'key', index] : ['output', 'key'];
    return [{ path, message: `there is no field "${name}"`, hint: hintForField(name, fields) }];
  });
}

/** Pages that load more rows do so by scripts, which the plain backend does not run. */
function warnNeedsBrowser({ backend, pagination }: Tree): Finding[] {
  const name = BACKEND_NAMES.find((known) => known === backend);
  if (name === undefined || completeBackend(name) !== 'plain') return [];
  const type = getNested(pagination, 'type');
  const growing = BROWSER_PAGINATION_TYPES.find((known) => known === type);
  if (growing === undefined) return [];
  const message = `${growing} needs a browser, and backend ${name} fetches plainly`;
  return [{ path: ['backend'], message, hint: 'Set backend: browser.' }];
}

/** An address as written in a configuration, with its variables. */
interface ConfigUrl {
  path: Path;
  text: string;
}

/** Returns every text value that is an address. @param raw the tree as it is written */
export function findConfigUrls(raw: Tree): ConfigUrl[] {
  const urls = Array.isArray(raw['urls']) ? raw['urls'] : [];
  const places: readonly (readonly [Path, unknown])[] = [
    [['url'], raw['url']],
    ...urls.map((url: unknown, n) => [['urls', n], url] as const),
    [['sitemap'], raw['sitemap']],
    [['sitemap', 'url'], getNested(raw['sitemap'], 'url')],
    [['urls_from', 'template'], getNested(raw['urls_from'], 'template')],
    [['pagination', 'url_template'], getNested(raw['pagination'], 'url_template')],
    [['authentication', 'login_url'], getNested(raw['authentication'], 'login_url')],
    [['proxy'], raw['proxy']],
  ];
  return places.flatMap(([path, text]) => (typeof text === 'string' ? [{ path, text }] : []));
}

/** The texts in which secrets may be written: addresses, what signs in, and headers that are a credential. */
export function findSecretTexts(raw: Tree): ConfigUrl[] {
  const { password, fields } = asRecord(raw['authentication']);
  const headers = Object.entries(asRecord(raw['headers'])).filter(([name]) => isCredentialHeader(name));
  const places: (readonly [Path, unknown])[] = [
    [['authentication', 'password'], password],
    ...Object.entries(asRecord(fields)).map(
      ([name, value]) => [['authentication', 'fields', name], value] as const,
    ),
    ...headers.map(([name, value]) => [['headers', name], value] as const),
    ...listSecretValues(raw['request'], ['request']),
  ];
  const texts = places.flatMap(([path, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [{ path, text: String(value) }] : [],
  );
  return [...findConfigUrls(raw), ...texts];
}

/** Returns the values of a request that are secret by their names. */
function listSecretValues(tree: unknown, path: Path): (readonly [Path, unknown])[] {
  if (typeof tree === 'object' && tree !== null)
    return Object.entries(tree).flatMap(([key, value]) =>
      listSecretValues(value, [...path, Array.isArray(tree) ? Number(key) : key]),
    );
  const name = String(path.findLast((step) => typeof step === 'string'));
  return isCredentialHeader(name) || isSecretValue(name, tree) ? [[path, tree]] : [];
}

function getNested(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Tree)[key] : undefined;
}

/** An address that contains a literal password, not a variable. */
interface WrittenPassword {
  path: Path;
  password: string;
}

/** Returns the passwords written inside addresses; they are redacted from messages and logs like variables' values. */
export function getUrlPasswords(raw: Tree): Record<string, string> {
  return Object.fromEntries(
    findPasswords(raw).map(({ path, password }) => [`password in ${formatPath(path)}`, password]),
  );
}

/** Returns one warning for each address that contains a literal password. */
function warnUrlPasswords(raw: Tree): Finding[] {
  return findPasswords(raw).map(({ path }) => {
    const name = path[0] === 'proxy' ? 'PROXY_PASSWORD' : 'SITE_PASSWORD';
    const hint = `Put it into secrets.env of the home, ${name}=…, and write $\{${name}} here.`;
    return { path, message: 'the password is written in the configuration itself', hint };
  });
}

function findPasswords(raw: Tree): WrittenPassword[] {
  return findConfigUrls(raw).flatMap(({ path, text }) => {
    const password = getPassword(text);
    return password === undefined ? [] : [{ path, password }];
  });
}

/** Parses the text itself, because an address that contains a variable may not be a valid URL yet. */
function getPassword(address: string): string | undefined {
  const password = /^\s*[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:([^/?#]+)@/i.exec(address)?.[1];
  return password === undefined || /\$\{[A-Za-z_]/.test(password) ? undefined : password;
}

/**
 * Finds hosts that are a single word and are not in `allow_private_hosts`: `https://shop/` is most likely an unfinished
 * address. Proxies are exempt, because such names are usual there. So are hosts that come from a variable, because they
 * are not typing errors.
 * @param raw the tree as it is written
 * @returns each host once, at its first place
 */
export function findOneWordHosts(raw: Tree): Finding[] {
  const { allow_private_hosts: allowed } = raw;
  const known = new Set(
    (Array.isArray(allowed) ? allowed : []).map((entry) => parseHostEntry(String(entry)).host),
  );
  return findConfigUrls(raw).flatMap(({ path, text }): Finding[] => {
    // With two schemes the second one would be parsed as the host; another check reports that error.
    if (path[0] === 'proxy' || VARIABLE_HOST.test(text) || hasTwoSchemes(text)) return [];
    const host = oneWordHost(text);
    if (host === undefined || known.has(host)) return [];
    known.add(host);
    const message = `the host "${host}" has no dot, and allow_private_hosts does not name it`;
    const hint = `Write the whole name, as in ${ADDRESS_EXAMPLE}; or, for a host of your own network: allow_private_hosts: ["${hostEntry(text)}"]`;
    return [{ path, message, hint }];
  });
}

const VARIABLE_HOST = /^[^/]*\/\/[^/?#]*\$\{/;
