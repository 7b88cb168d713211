import { ADDRESS_EXAMPLE, hasTwoSchemes, hostEntry, oneWordHost } from '../../core/configs/typed-address.ts';
import { parseHostEntry } from '../lib/address-policy.ts';
import { type Finding, formatPath, type Path } from './issue-location.ts';

type Tree = Readonly<Record<string, unknown>>;

/** An address as it stands in a configuration, with its variables. */
interface ConfigUrl {
  path: Path;
  text: string;
}

/** Every address of a configuration, where there is a text. @param raw the tree as it is written */
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

/** An address with a password that is no variable. */
interface WrittenPassword {
  path: Path;
  password: string;
}

/** Passwords that stand in addresses themselves; they are kept out of messages and logs as those of variables are. */
export function getUrlPasswords(raw: Tree): Record<string, string> {
  return Object.fromEntries(
    findPasswords(raw).map(({ path, password }) => [`password in ${formatPath(path)}`, password]),
  );
}

/** A warning for each address with a password that stands in the configuration itself. */
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

/** Read from the text: an address with a variable in it may be none yet. */
function getPassword(address: string): string | undefined {
  const password = /^\s*[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:([^/?#]+)@/i.exec(address)?.[1];
  return password === undefined || /\$\{[A-Za-z_]/.test(password) ? undefined : password;
}

/**
 * Hosts of addresses that are a single word, and that `allow_private_hosts` does not name: `https://shop/` is most
 * likely an unfinished address. A proxy may have such a name, and a host that a variable says is nobody's slip.
 * @param raw the tree as it is written
 * @returns each host once, where it stands first
 */
export function findOneWordHosts(raw: Readonly<Record<string, unknown>>): Finding[] {
  const { allow_private_hosts: allowed } = raw;
  const known = new Set(
    (Array.isArray(allowed) ? allowed : []).map((entry) => parseHostEntry(String(entry)).host),
  );
  return findConfigUrls(raw).flatMap(({ path, text }): Finding[] => {
    // Two schemes make a host of the second, and are an error of their own.
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
