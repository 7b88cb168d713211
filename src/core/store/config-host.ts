import { parse } from 'yaml';

/** The first address as nearly all configurations write it, found without reading the whole document. */
const PLAIN_ADDRESS =
  /^urls?:[ \t]*(?:\r?\n[ \t]*-[ \t]+|\[[ \t]*)?(["']?)(https?:\/\/[^\s"',\]#]+)\1[ \t]*(?:\r?$|[\],]|[ \t]#)/m;

/**
 * The host of a configuration's first address (`url`, or the first of `urls`); `null` when it has none that is
 * spelt out. The run process, which knows the configuration in full, has the last word.
 */
export function hostInConfig(text: string): string | null {
  const plain = PLAIN_ADDRESS.exec(text)?.[2];
  if (plain !== undefined) return hostOfAddress(plain);
  try {
    // A key that appears twice is the run's to refuse; to look for them takes seconds where a map has thousands.
    const tree: unknown = parse(text, { maxAliasCount: 0, uniqueKeys: false, logLevel: 'silent' });
    if (typeof tree !== 'object' || tree === null) return null;
    const { url, urls } = tree as Record<string, unknown>;
    return hostOfAddress(Array.isArray(urls) ? urls[0] : url);
  } catch {
    // The run will fail over it and say why.
    return null;
  }
}

/** Host name, with the port if it is not the default; `null` for what is no web address, or has `${…}` in its host. */
export function hostOfAddress(address: unknown): string | null {
  const origin = typeof address === 'string' ? /^https?:\/\/[^/?#]+/i.exec(address)?.[0] : undefined;
  if (origin === undefined || origin.includes('$') || !URL.canParse(origin)) return null;
  return new URL(origin).host;
}
