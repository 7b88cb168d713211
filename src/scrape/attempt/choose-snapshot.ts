import type { Check } from '../../core/model/check.ts';
import type { ScrapeStats, VisitedPage } from '../crawl/scrape-stats.ts';

/**
 * The page of an attempt that is worth a look: the first one on which an expected field is empty; the last one when pages
 * are missing after it; else the first, when there are too few items, or a selector has matched nothing.
 */
export function chooseSnapshot(stats: ScrapeStats, checks: readonly Check[]): VisitedPage | undefined {
  const failed = checks.filter(({ passed }) => !passed);
  for (const { field } of failed) {
    const page = field === null ? undefined : stats.gaps.get(field);
    if (page) return page;
  }
  for (const { suspect } of failed) {
    const page = suspect && suspect.part !== 'field' ? stats.signs.get(suspect.part) : undefined;
    if (page) return page;
  }
  if (failed.some(({ suspect }) => suspect?.part === 'pagination') && stats.lastPage) return stats.lastPage;
  if (failed.length === 0 && stats.hasMatchedAll()) return undefined;
  return stats.firstSource && { url: stats.firstUrl, source: stats.firstSource };
}
