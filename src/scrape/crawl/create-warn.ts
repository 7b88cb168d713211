import type { PagesRequest } from '../source/pages-request.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/** Returns what adds a warning to the run's outcome and to its log. */
export function createWarn({ redact = (text) => text, log }: PagesRequest, stats: ScrapeStats) {
  return (message: string, url = ''): void => {
    stats.addWarning(redact(message), redact(url));
    log('warn', message);
  };
}
