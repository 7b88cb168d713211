import { ADDRESS_EXAMPLE, hasTwoSchemes, hostEntry, oneWordHost } from '../../core/configs/typed-address.ts';
import { parseHostEntry } from '../lib/address-policy.ts';
import { type Finding, formatPath, type Path } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/** An address as written in a configuration, with its variables. */
interface ConfigUrl {
  path: Path;
  text: string;
}

/** Returns every text value that is an address. @param raw the tree as it is written */
function findConfigUrls(raw: Tree): ConfigUrl[] {
  const urls = Array.isArray(raw['urls']) ? raw['urls'] : [];
  const places: readonly (readonly [Path, unknown])[] = [
    [['url'], raw['url']],
    ...urls.map((url: unknown, n) => [['urls', n], url] as const),
    [['sitemap'], raw['sitemap']],
    [['sitemap', 'url'], getNested(raw['sitemap'], 'url')],
    [['pagination', 'url_template'], getNested(raw['pagination'], 'url_template')],
    [['authentication', 'login_url'], getNested(raw['authentication'], 'login_url')],
    [['proxy'], raw['proxy']],
  ];
  return places.flatMap(([path, text]) => (typeof text === 'string' ? [{ path, text }] : []));
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
export function warnUrlPasswords(raw: Tree): Finding[] {
  return findPasswords(raw).map(({ path }) => {
    const name = path[0] === 'proxy' ? 'PROXY_PASSWORD' : 'SITE_PASSWORD';
    const hint = `Put it into secrets.env of the home, ${name}=…, and write $\{${name}} here.`;
    return { path, message: 'the password stands in the configuration itself', hint };
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
export function findOneWordHosts(raw: Readonly<Record<string, unknown>>): Finding[] {
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
