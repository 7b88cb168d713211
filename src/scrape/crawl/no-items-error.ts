import { ScrapeError } from '../lib/scrape-error.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/**
 * Creates the error for a run without rows. It is a failure, because a site with changed markup gives the same result.
 */
export function noItemsError(stats: ScrapeStats): ScrapeError {
  const { pages, matches, found, firstUrl: url, firstType } = stats;
  const item = found.item === undefined ? [] : [`item ${found.item.matched}`];
  const fields = Object.entries(matches).map(([field, count]) => `${field} ${count}`);
  const counts = [...item, ...fields];
  const foreign = !isMarkupType(firstType);
  const told = foreign ? `: its content type is ${firstType}, not HTML` : '';
  const advice = foreign
    ? `Selectors read HTML and XML${isJsonType(firstType) ? ', and JSON is not supported yet' : ''}: give the address of the page that shows the data. `
    : '';
  const unread = stats.describeUnparsedValues().map((text) => ` ${text}.`);
  const values = unread.length === 0 ? '' : ` What they matched could not be read:${unread.join('')}`;
  return new ScrapeError(
    'no_items',
    `no items on ${pages} ${pages === 1 ? 'page' : 'pages'} (${url})${told}`,
    {
      url,
      hint:
        `${advice}The selectors matched: ${counts.join(', ')}.${values} ` +
        'If no rows are fine, set expect: { allow_empty: true }.',
    },
  );
}

/** Whether a content type is that of JSON. */
export function isJsonType(contentType: string): boolean {
  return /^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(contentType);
}

/** Some servers send pages as plain text, or without a content type. */
function isMarkupType(contentType: string): boolean {
  return contentType === '' || /^text\/|html|xml/.test(contentType);
}
