import type { PagesRequest } from '../source/pages-request.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/** Returns what adds a warning to the run's outcome and to its log; `ofPage` if it says what a page contains. */
export function createWarn({ redact = (text) => text, log }: PagesRequest, stats: ScrapeStats) {
  return (message: string, url = '', ofPage = false): void => {
    stats.addWarning(redact(message), redact(url), ofPage);
    log('warn', message);
  };
}
