/** The largest configuration, in bytes: 10,000 long addresses fit. */
export const MAX_CONFIG_BYTES = 2 * 1_048_576;
/** What to do with more. */
export const CONFIG_TOO_LARGE_HINT =
  'A list of pages belongs to a sitemap, if the site has one, or into several configurations.';

/** Of what makes a node of a document: so many lines, entries of `[…]` and `{…}`, and brackets. Each costs the parser some 20 µs. */
export const MAX_CONFIG_ENTRIES = 50_000;

/** How many of them a text has; those within quotes count, too. */
export function countEntries(text: string): number {
  return text.match(/[\n,[\]{}]/g)?.length ?? 0;
}
