import { isIPv4, isIPv6 } from 'node:net';
import { canParseUrl } from '../lib/can-parse-url.ts';
import { CONTROL_CHARACTERS } from '../lib/sanitize-text.ts';
import { formatHostAndPort, isPrivateHostName, plainHost } from './host-and-port.ts';

/** The address that a user meant, or the problem with the input as a clause, and a hint as a sentence. */
export type TypedAddress = { url: string } | { problem: string; hint: string };

/** The example that is shown where an address can be typed. */
export const ADDRESS_EXAMPLE = 'https://shop.example/books';

const TYPE_WHOLE_HINT = `Type the whole address, such as ${ADDRESS_EXAMPLE}`;

/**
 * Reads the address of a page as a person types or pastes it.
 *
 * - Surrounding spaces, line breaks, quotes and brackets are removed, and invisible characters everywhere.
 * - Of two schemes, the last one stays: `https://http://shop.example` becomes `http://shop.example`.
 * - Without a scheme, it gets `https://`. As in browsers, it gets `http://` for IP addresses, for names that no public
 *   DNS serves (`localhost`, `nas.local`), and for port 80.
 * - A host without a dot, such as `shop`, is most likely incomplete. It is accepted with a scheme, as a host of the
 *   user's own network, and rejected without one. `http` and `https` are not hosts.
 */
export function readTypedAddress(text: string): TypedAddress {
  const bare = withOneScheme(unwrapped(removeControlCharacters(text)));
  if (bare === '' || SCHEMES_ALONE.test(bare))
    return { problem: 'an address is wanted', hint: `${TYPE_WHOLE_HINT}.` };
  if (/\s/.test(bare))
    return {
      problem: 'there is a space in the address',
      hint: 'One address is wanted; write a space in it as %20.',
    };
  const isWeb = /^https?:\/\//i.test(bare);
  if (hasTwoSchemes(bare))
    return { problem: 'the address begins with two schemes', hint: `${TYPE_WHOLE_HINT}.` };
  if (!isWeb && hasOtherScheme(bare))
    return { problem: 'only http:// and https:// addresses can be fetched', hint: `${TYPE_WHOLE_HINT}.` };
  const url = isWeb ? bare : withScheme(bare);
  if (url === undefined || !isWebAddress(url))
    return { problem: 'this is not a web address', hint: `${TYPE_WHOLE_HINT}.` };
  const host = oneWordHost(url);
  if (host === undefined || (isWeb && !isSchemeWord(host, url))) return { url };
  return {
    problem: `the host "${host}" has no dot`,
    hint: isSchemeWord(host, url)
      ? `${TYPE_WHOLE_HINT}.`
      : `Type the whole name, or ${url} for a host of your own network.`,
  };
}

/** Whether the URL is valid and its host can be that of a site: the URL parser also accepts a quote in a host. */
function isWebAddress(url: string): boolean {
  return canParseUrl(url) && HOST.test(new URL(url).hostname);
}

const HOST = /^(?:\[[^\]]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)$/;

/** An input line shows `\ufffd` in place of an invisible character, so this is removed too. */
function removeControlCharacters(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, '').replaceAll('\ufffd', '');
}

/** Opening marks that may surround a copied address, each with its closing mark. */
const AROUND: Readonly<Record<string, string>> = {
  "'": "'",
  '`': '`',
  '(': ')',
  '[': ']',
  '“': '”',
  '„': '“',
  '‘': '’',
  '«': '»',
};

/** Removes surrounding spaces, and surrounding marks that no address contains. */
function unwrapped(text: string): string {
  const bare = withoutEnd(text.replace(/^[\s"<>]+/, ''));
  const inner = bare.replace(/[,;.]$/, '');
  const end = AROUND[bare[0] ?? ''];
  // The brackets of an IPv6 address belong to it.
  const isPair = end !== undefined && inner.length > 1 && inner.endsWith(end) && !isIPv6(inner.slice(1, -1));
  return isPair ? unwrapped(inner.slice(1, -1)) : bare;
}

function withoutEnd(text: string): string {
  let end = text.length;
  for (;;) {
    const last = text.charAt(end - 1);
    if (/[\s"<>]/.test(last)) end -= 1;
    else if (/[,;.]/.test(last) && /["<>]/.test(text.charAt(end - 2))) end -= 2;
    else return text.slice(0, end);
  }
}

/**
 * A scheme as people type it, also with backslashes or with doubled or missing slashes. It does not match `http:80/` or
 * `http:password@shop.example/`, where `http` is a host or a user.
 */
const SCHEME = String.raw`(https?)(?::(?!\d+(?:[/?#]|$)|[^/\\?#]*@)[/\\]*|[/\\]{2,})\s*`;
const SCHEMES = new RegExp(`^(?:${SCHEME})+(?=[^\\s/\\\\])`, 'i');
const SCHEMES_ALONE = new RegExp(`^(?:${SCHEME})+$`, 'i');
const TWO_SCHEMES = new RegExp(`^(?:${SCHEME}){2}`, 'i');
const OTHER_SECOND = /^https?:\/\/[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Whether an address begins with two schemes, such as `https://https://shop.example` and `https://ftp://shop.example`.
 */
export function hasTwoSchemes(text: string): boolean {
  const begun = text.trimStart();
  return TWO_SCHEMES.test(begun) || OTHER_SECOND.test(begun);
}

/** Keeps the last of the schemes at the beginning of a text; a text without a scheme is unchanged. */
function withOneScheme(text: string): string {
  const [before, scheme = ''] = SCHEMES.exec(text) ?? [];
  if (before === undefined) return text;
  // A pasted part after a scheme may have surrounding marks and a scheme.
  const rest = unwrapped(text.slice(before.length));
  return SCHEMES.test(rest) ? withOneScheme(rest) : `${scheme.toLowerCase()}://${rest}`;
}

function hasOtherScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) && !isIPv6(text);
}

/** Adds the scheme that a browser would use; returns `undefined` for a path. */
function withScheme(text: string): string | undefined {
  const rest = isIPv6(text) ? `[${text}]` : text.replace(/^\/\//, '');
  if (/^[./\\?#:@]/.test(rest) || !canParseUrl(`https://${rest}`)) return undefined;
  const { hostname, port } = new URL(`https://${rest}`);
  const host = plainHost(hostname);
  // A browser reads a number alone as an IPv4 address, which is never what the user meant.
  if (isIPv4(host) && !rest.startsWith(host)) return undefined;
  const isPlain = isIPv4(host) || host.includes(':') || isPrivateHostName(host) || port === '80';
  return `${isPlain ? 'http' : 'https'}://${rest}`;
}

/**
 * Returns the host of a web address when its name is a single word other than `localhost`.
 * @returns `undefined` for any other host, and for a text that is not a web address
 */
export function oneWordHost(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !canParseUrl(address)) return undefined;
  const host = plainHost(new URL(address).hostname);
  const isOther = host.includes('.') || host.includes(':') || host === 'localhost';
  return isOther ? undefined : host;
}

/** The entry of `allow_private_hosts` for the host of a web address, limited to the address's port if it has one. */
export function hostEntry(address: string): string {
  const { hostname, port } = new URL(address);
  return formatHostAndPort({ host: plainHost(hostname), port: port === '' ? null : Number(port) });
}

/** Whether the host is only a scheme, as in an unfinished address. */
function isSchemeWord(host: string, url: string): boolean {
  return /^https?$/.test(host) && new URL(url).port === '';
}
