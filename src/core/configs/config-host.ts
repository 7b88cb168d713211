import { parseConfigTree } from './config-tree.ts';

/** The first address as nearly all configurations write it, found without reading the whole document. */
const PLAIN_ADDRESS =
  /^urls?:[ \t]*(?:\r?\n[ \t]*-[ \t]+|\[[ \t]*)?(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*(?:\r?$|[\],]|[ \t]#)/m;

/** The same of a single `url`. */
const PLAIN_ONE = /^url:[ \t]*(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*(?:\r?$|[ \t]#)/m;

/**
 * The host of a configuration's first address (`url`, the first of `urls`, the `sitemap`, or what `page_number` makes); `null` when it has none that is
 * spelt out. The run process, which knows the configuration in full, has the last word.
 */
export function hostInConfig(text: string): string | null {
  const plain = PLAIN_ADDRESS.exec(text)?.[2];
  if (plain !== undefined) return hostOfAddress(plain);
  return hostOfAddress(addressesIn(parseConfigTree(text))[0]);
}

/** An entry of a list of addresses, one a line, as nearly all configurations with several have them. */
const PLAIN_ENTRY = /^[ \t]*-[ \t]+(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*$/;

/**
 * The hosts of a configuration's addresses (`url`, `urls` or `sitemap`), each once and in their order; none where they are not
 * spelt out.
 */
export function hostsInConfig(text: string): string[] {
  const one = PLAIN_ONE.exec(text)?.[2];
  const addresses = one === undefined ? (plainList(text) ?? addressesIn(parseConfigTree(text))) : [one];
  return [...new Set(addresses.flatMap((address) => hostOfAddress(address) ?? []))];
}

/** `undefined` when anything about the list is not plain. */
function plainList(text: string): string[] | undefined {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^urls:[ \t]*$/.test(line)) + 1;
  const addresses: string[] = [];
  for (const line of start === 0 ? [] : lines.slice(start)) {
    const address = PLAIN_ENTRY.exec(line)?.[2];
    if (address !== undefined) addresses.push(address);
    // A key of the top level ends the list, and nothing else does.
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

/** Host name, with the port if it is not the default; `null` for what is no web address, or has `${…}` in its host. */
export function hostOfAddress(address: unknown): string | null {
  const origin = typeof address === 'string' ? /^https?:\/\/[^/?#]+/i.exec(address)?.[0] : undefined;
  if (origin === undefined || origin.includes('$') || !URL.canParse(origin)) return null;
  return new URL(origin).host;
}
