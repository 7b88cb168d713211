import { parseConfigTree } from './config-tree.ts';

/** The first address in the usual form, which needs no parsing of the whole document. */
const PLAIN_ADDRESS =
  /^urls?:[ \t]*(?:\r?\n[ \t]*-[ \t]+|\[[ \t]*)?(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*(?:\r?$|[\],]|[ \t]#)/m;

/** The same for a single `url`. */
const PLAIN_ONE = /^url:[ \t]*(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*(?:\r?$|[ \t]#)/m;

/**
 * The host of a configuration's first address: `url`, the first of `urls`, the `sitemap`, or the first address from
 * `page_number`. `null` when no address is written out. The run process, which reads the configuration in full,
 * determines the final host.
 */
export function hostInConfig(text: string): string | null {
  const plain = PLAIN_ADDRESS.exec(text)?.[2];
  if (plain !== undefined) return hostOfAddress(plain);
  return hostOfAddress(addressesIn(parseConfigTree(text))[0]);
}

/** An entry in an address list, one per line: the usual form in configurations with several addresses. */
const PLAIN_ENTRY = /^[ \t]*-[ \t]+(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*$/;

/**
 * The distinct hosts of a configuration's addresses (`url`, `urls` or `sitemap`), in order; none where the addresses
 * are not written out.
 */
export function hostsInConfig(text: string): string[] {
  const one = PLAIN_ONE.exec(text)?.[2];
  const addresses = one === undefined ? (plainList(text) ?? addressesIn(parseConfigTree(text))) : [one];
  return [...new Set(addresses.flatMap((address) => hostOfAddress(address) ?? []))];
}

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

function addressesIn({ url, urls, sitemap, pagination }: Record<string, unknown>): unknown[] {
  if (Array.isArray(urls)) return urls;
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
  if (origin === undefined || origin.includes('$') || !URL.canParse(origin)) return null;
  return new URL(origin).host;
}
