import * as z from 'zod';
import { once } from '../lib/once.ts';

const count = once(() => z.int().min(0));

/**
 * How a run's last attempt went through its pages, as far as the runs after it are held against it (likely-broken.ts).
 * Pages are those of the list, detail pages aside; a walk is what was fetched from one start address.
 */
export const runShape = once(() =>
  z.object({
    /** Of what the configuration says about how much there is to find; runs of another one are not compared. */
    extent: z.string(),
    pages: count(),
    /** Pages without rows. */
    barren: count(),
    /** Of those, how many have the title of the one without rows before. */
    alike: count(),
    /** Pages from which the walk went on. */
    inner: count(),
    innerBarren: count(),
    /** Rows of such a page: a quarter of them have fewer, or as many; `null` without one. */
    full: count().nullable(),
    /** Walks that went on beyond their first page. */
    led: count(),
    /** Walks that the site ended. */
    ends: count(),
    /** Of those, how many at a page that shows a way to a further one. */
    further: count(),
    /** Of those, how many at a link to a page that was there before. */
    back: count(),
    /** Of those, how many at a page without rows that another one had led to. */
    bareEnds: count(),
    /** Clicks and scrolls in a browser that brought more. */
    steps: count(),
    /** Pages with the rows of the page before. */
    repeats: count(),
    /** Walks of one page that the site ended, by the rows on it. */
    single: z.record(z.string(), count()),
    /** Rows, before `dedupe`, and how many of them have a link to a page of their own. */
    rows: count(),
    links: count(),
    /** By field: elements that lie in no item. */
    outside: z.record(z.string(), count()),
    /** Of the sitemap: its entries, the pages taken, its files and those without an entry; `null` without one. */
    sitemap: z.object({ entries: count(), pages: count(), files: count(), empty: count() }).nullable(),
  }),
);

export type RunShape = z.infer<ReturnType<typeof runShape>>;
/** What is said of a sitemap. */
export type SitemapShape = NonNullable<RunShape['sitemap']>;
