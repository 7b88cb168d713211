import { ScrapeError } from './errors.ts';

/** A run without a single row is a failure: a site that changed its markup looks just like that. */
export function noItems(pages: number, matches: Readonly<Record<string, number>>, url: string): ScrapeError {
  const counts = Object.entries(matches).map(([field, count]) => `${field} ${count}`);
  return new ScrapeError('no_items', `no items on ${pages} ${pages === 1 ? 'page' : 'pages'} (${url})`, {
    url,
    hint:
      `The selectors matched: ${counts.join(', ')}. Try them on fewer pages: ` +
      'quickscrape scrape CONFIG --sample 5 --verbose. If no rows are fine, set expect: { allow_empty: true }.',
  });
}
