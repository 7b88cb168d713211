import { isIPv4, isIPv6 } from 'node:net';
import { CONTROL_CHARACTERS } from '../lib/control-characters.ts';
import { formatHostAndPort, plainHost } from './host-and-port.ts';
import { isPrivateName } from './private-name.ts';

/** The address that a person means, or what is wrong with what was typed: a clause, and a sentence with what to do. */
export type TypedAddress = { url: string } | { problem: string; hint: string };

/** What is shown where an address can be typed. */
export const ADDRESS_EXAMPLE = 'https://shop.example/books';

const TYPE_WHOLE_HINT = `Type the whole address, such as ${ADDRESS_EXAMPLE}`;

/**
 * Reads the address of a page as a person types or pastes it.
 *
 * - Spaces, line breaks, quotes and brackets around it are left out, and characters that nobody sees wherever they are.
 * - A scheme that stands there twice is made one, the last: `https://http://shop.example` is `http://shop.example`.
 * - Without a scheme it gets `https://`. It gets `http://` as browsers do for IP addresses and names that no public DNS
 *   serves (`localhost`, `nas.local`), and for port 80.
 * - A host without a dot, such as `shop`, is most likely an unfinished one: with its scheme it is taken for a host of
 *   one's own network, without it refused. `http` and `https` are no hosts.
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

/** Whether it can be read, and its host can be that of a site: a quote in it is nobody's wish. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url) && HOST.test(new URL(url).hostname);
}

const HOST = /^(?:\[[^\]]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)$/;

/** A line that is typed shows `\ufffd` in the place of a character that nobody sees. */
function removeControlCharacters(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, '').replaceAll('\ufffd', '');
}

/** Marks that stand around an address where it was copied, each with the one that ends it. */
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

/** A text without what stands around an address: spaces, and marks that no address has. */
function unwrapped(text: string): string {
  const bare = withoutEnd(text.replace(/^[\s"<>]+/, ''));
  const inner = bare.replace(/[,;.]$/, '');
  const end = AROUND[bare[0] ?? ''];
  // The brackets of an address of version 6 are its own.
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
 * A scheme as people write it, also with its slashes turned, doubled or left out. The host of `http://http:80/` is none,
 * nor the user of `http://http:password@shop.example/`.
 */
const SCHEME = String.raw`(https?)(?::(?!\d+(?:[/?#]|$)|[^/\\?#]*@)[/\\]*|[/\\]{2,})\s*`;
const SCHEMES = new RegExp(`^(?:${SCHEME})+(?=[^\\s/\\\\])`, 'i');
const SCHEMES_ALONE = new RegExp(`^(?:${SCHEME})+$`, 'i');
const TWO_SCHEMES = new RegExp(`^(?:${SCHEME}){2}`, 'i');
const OTHER_SECOND = /^https?:\/\/[a-z][a-z0-9+.-]*:\/\//i;

/** Whether an address begins with two schemes, such as `https://https://shop.example` and `https://ftp://shop.example`. */
export function hasTwoSchemes(text: string): boolean {
  const begun = text.trimStart();
  return TWO_SCHEMES.test(begun) || OTHER_SECOND.test(begun);
}

/** The last of the schemes that a text begins with, and what follows them; a text without one as it is. */
function withOneScheme(text: string): string {
  const [before, scheme = ''] = SCHEMES.exec(text) ?? [];
  if (before === undefined) return text;
  // What was pasted after a scheme may have marks and a scheme of its own.
  const rest = unwrapped(text.slice(before.length));
  return SCHEMES.test(rest) ? withOneScheme(rest) : `${scheme.toLowerCase()}://${rest}`;
}

function hasOtherScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) && !isIPv6(text);
}

/** An address without a scheme as a browser would read it; `undefined` for a path. */
function withScheme(text: string): string | undefined {
  const rest = isIPv6(text) ? `[${text}]` : text.replace(/^\/\//, '');
  if (/^[./\\?#:@]/.test(rest) || !URL.canParse(`https://${rest}`)) return undefined;
  const { hostname, port } = new URL(`https://${rest}`);
  const host = plainHost(hostname);
  // A number alone is an address of version 4, which nobody means.
  if (isIPv4(host) && !rest.startsWith(host)) return undefined;
  const isPlain = isIPv4(host) || host.includes(':') || isPrivateName(host) || port === '80';
  return `${isPlain ? 'http' : 'https'}://${rest}`;
}

/**
 * The host of a web address when its name is a single word; `localhost` is known to everybody, and none.
 * @returns `undefined` for any other host, and for what is no web address
 */
export function oneWordHost(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const host = plainHost(new URL(address).hostname);
  const isOther = host.includes('.') || host.includes(':') || host === 'localhost';
  return isOther ? undefined : host;
}

/** How `allow_private_hosts` names the host of a web address, at no other port than the one it says. */
export function hostEntry(address: string): string {
  const { hostname, port } = new URL(address);
  return formatHostAndPort({ host: plainHost(hostname), port: port === '' ? null : Number(port) });
}

/** What is left of an address of which only the scheme was meant. */
function isSchemeWord(host: string, url: string): boolean {
  return /^https?$/.test(host) && new URL(url).port === '';
}
