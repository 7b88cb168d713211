import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { makePrivateFolder } from '../../core/fs/private-folder.ts';
import { readRegularFile } from '../../core/fs/read-regular-file.ts';
import { once } from '../../core/lib/once.ts';
import type { SelectorPart } from '../../core/model/check.ts';
import type { AttemptResult } from '../../core/model/run-record.ts';
import { runShape } from '../../core/model/run-shape.ts';
import { MAX_SAVED_PAGE_BYTES } from '../../core/runs/saved-pages.ts';
import { statsStateSchema } from '../crawl/checkpoint-store.ts';
import type { ScrapeStats, VisitedPage } from '../crawl/scrape-stats.ts';

/** Larger files are refused, in bytes: the counts of a run take a few kilobytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** At most this many pages are passed on. */
const MAX_PAGES = 9;

/** What a page is remembered for: `gap` is an empty field, `sign` a part that may be broken. */
const useSchema = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('first') }),
  z.strictObject({ of: z.literal('detail'), level: z.int().min(1).optional() }),
  z.strictObject({ of: z.literal('last') }),
  z.strictObject({ of: z.literal('gap'), field: z.string() }),
  z.strictObject({
    of: z.literal('sign'),
    part: z.enum(['item', 'pagination', 'follow', 'sitemap', 'field']),
  }),
]);
type PageUse = z.infer<typeof useSchema>;

const schema = once(() =>
  z.strictObject({
    version: z.literal(1),
    /** How the attempt failed; null when all rows are staged. */
    failure: z
      .strictObject({
        outcome: z.enum(['failed', 'timed_out']),
        error: z.strictObject({ kind: z.string().max(100), message: z.string().max(100_000) }),
      })
      .nullable(),
    stats: statsStateSchema,
    sitemap: runShape().shape.sitemap,
    pages: z
      .array(
        z.strictObject({
          number: z.int().min(1).max(MAX_PAGES),
          url: z.string(),
          role: z.enum(['rows', 'detail']).optional(),
          level: z.int().min(1).optional(),
          content_type: z.string().max(1_000),
          status: z.int().min(200).max(299),
          fetched_at: z.number().min(0).max(8.64e15),
          uses: z.array(useSchema),
        }),
      )
      .max(MAX_PAGES),
  }),
);

/** What a worker on another machine has collected in one attempt, apart from its rows. */
export interface CollectedRun {
  failure: Pick<AttemptResult, 'outcome' | 'error'> | null;
  /** Restores the counts and the remembered pages. */
  restore(stats: ScrapeStats): void;
}

/**
 * Writes `collected.json`, and the pages that may explain a failure, into the folder of an attempt.
 * @param unfill replaces the values of variables in the addresses of pages, which are not for this machine's disk
 * @throws system errors
 */
export async function saveCollected(
  folder: string,
  stats: ScrapeStats,
  failure: CollectedRun['failure'],
  unfill: (text: string) => string = (text) => text,
): Promise<void> {
  const pages = listRememberedPages(stats).slice(0, MAX_PAGES);
  rmSync(join(folder, 'pages'), { recursive: true, force: true });
  if (pages.length > 0) makePrivateFolder(join(folder, 'pages'));
  for (const [index, { page }] of pages.entries())
    await writeFileDurably(pageFile(folder, index + 1), page.source.body, { sync: false });
  const content: z.input<ReturnType<typeof schema>> = {
    version: 1,
    failure: failure && toPlainFailure(failure),
    stats: { ...stats.state(), firstUrl: unfill(stats.firstUrl) },
    sitemap: stats.sitemap,
    pages: pages.map(({ page: { url, source, role, level }, uses }, index) => ({
      number: index + 1,
      url: unfill(url),
      ...(role !== undefined && { role }),
      ...(level !== undefined && { level }),
      content_type: source.contentType,
      status: source.status,
      fetched_at: source.fetchedAt,
      uses,
    })),
  };
  await writeFileDurably(join(folder, 'collected.json'), JSON.stringify(content), { sync: false });
}

/**
 * Reads what {@link saveCollected} has written.
 * @throws Error when the file is missing or damaged, or does not have the form of this version
 */
export function readCollected(folder: string): CollectedRun {
  const text = readRegularFile(join(folder, 'collected.json'), MAX_BYTES).toString('utf8');
  const { failure, stats: state, sitemap, pages } = schema().parse(JSON.parse(text));
  const restored = pages.map(({ number, url, role, level, uses, ...source }) => ({
    page: {
      url,
      ...(role !== undefined && { role }),
      ...(level !== undefined && { level }),
      source: {
        body: readRegularFile(pageFile(folder, number), MAX_SAVED_PAGE_BYTES),
        contentType: source.content_type,
        status: source.status,
        fetchedAt: source.fetched_at,
      },
    },
    uses,
  }));
  return {
    failure,
    restore(stats) {
      stats.restore(state);
      stats.sitemap = sitemap;
      for (const { page, uses } of restored) for (const use of uses) rememberPage(stats, page, use);
    },
  };
}

function toPlainFailure({
  outcome,
  error,
}: NonNullable<CollectedRun['failure']>): z.input<ReturnType<typeof schema>>['failure'] {
  return {
    outcome: outcome === 'timed_out' ? 'timed_out' : 'failed',
    error: { kind: error?.kind ?? 'internal', message: (error?.message ?? '').slice(0, 100_000) },
  };
}

/** Lists each remembered page once, those first that are chosen first when a check fails (save-findings.ts). */
function listRememberedPages(stats: ScrapeStats): { page: VisitedPage; uses: PageUse[] }[] {
  const pages = new Map<unknown, { page: VisitedPage; uses: PageUse[] }>();
  const add = (page: VisitedPage | undefined, use: PageUse) => {
    if (page === undefined || page.source.body.length > MAX_SAVED_PAGE_BYTES) return;
    const known = pages.get(page.source) ?? { page, uses: [] };
    pages.set(page.source, known);
    known.uses.push(use);
  };
  if (stats.firstSource) add({ url: stats.firstUrl, source: stats.firstSource }, { of: 'first' });
  for (const [part, page] of stats.signs) add(page, { of: 'sign', part });
  add(stats.lastPage, { of: 'last' });
  for (const [field, page] of stats.gaps) add(page, { of: 'gap', field });
  for (const [level, page] of stats.firstDetails) add(page, { of: 'detail', ...(level > 1 && { level }) });
  return [...pages.values()];
}

function rememberPage(stats: ScrapeStats, page: VisitedPage, use: PageUse): void {
  if (use.of === 'first') stats.firstSource = page.source;
  else if (use.of === 'detail') stats.firstDetails.set(use.level ?? 1, page);
  else if (use.of === 'last') stats.lastPage = page;
  else if (use.of === 'gap') stats.gaps.set(use.field, page);
  else stats.signs.set(use.part satisfies SelectorPart, page);
}

function pageFile(folder: string, number: number): string {
  return join(folder, 'pages', `${number}.html`);
}
