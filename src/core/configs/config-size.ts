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
