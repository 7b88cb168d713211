import * as z from 'zod';
import { once } from '../lib/once.ts';

const count = once(() => z.int().min(0));

/**
 * How a run's last attempt went through its pages, for comparison with later runs (likely-broken.ts). Pages are list
 * pages, without detail pages. A sequence is the pages from one start address, in order.
 */
export const runShape = once(() =>
  z.object({
    /** A hash of the settings that decide how much a run can find. Runs with different extents are not compared. */
    extent: z.string(),
    pages: count(),
    /** Pages without rows. */
    barren: count(),
    /** Of those, how many have the same title as the previous page without rows. */
    alike: count(),
    /** Pages from which the sequence continued. */
    inner: count(),
    innerBarren: count(),
    /** Rows on such a page: its lower quartile; `null` without such a page. */
    full: count().nullable(),
    /** Sequences that continued beyond their first page. */
    led: count(),
    /** Sequences that ended because the site had no further page. */
    ends: count(),
    /** Of those, how many ended at a page that shows a way to a further one. */
    further: count(),
    /** Of those, how many ended at a link to a page that was already fetched. */
    back: count(),
    /** Of those, how many ended at a page without rows that another page had led to. */
    bareEnds: count(),
    /** Clicks and scrolls in a browser that loaded more rows. */
    steps: count(),
    /** Pages with the same rows as the page before. */
    repeats: count(),
    /** Sequences of one page that the site ended, counted by the number of rows on it. */
    single: z.record(z.string(), count()),
    /** Rows before `dedupe`, and how many of them link to their own page. */
    rows: count(),
    links: count(),
    /** Per field: matched elements outside all items. */
    outside: z.record(z.string(), count()),
    /** The sitemap's entries, the pages taken, its files, and the files without an entry; `null` without a sitemap. */
    sitemap: z.object({ entries: count(), pages: count(), files: count(), empty: count() }).nullable(),
  }),
);

export type RunShape = z.infer<ReturnType<typeof runShape>>;
/** The figures of a sitemap. */
export type SitemapShape = NonNullable<RunShape['sitemap']>;
