import { pluralize } from '../../core/lib/text.ts';
import type { ScrapeConfig } from '../config/config-schema.ts';
import { ScrapeError } from '../lib/scrape-error.ts';
import { isDataSelector } from '../selectors/data-selector.ts';
import type { CrawlCounts } from './crawl-counts.ts';
import type { ScrapeStats } from './scrape-stats.ts';

/**
 * Creates the error for a run without rows. It is a failure, because a site with changed markup gives the same result.
 * Where the rows are data, such as JSON, a warning says where the path to them stops; where they are a table's, which
 * tables the page has.
 */
export function noItemsError(
  stats: ScrapeStats,
  { item: rows = '', table }: Pick<ScrapeConfig, 'item' | 'table'>,
): ScrapeError {
  const readsData = isDataSelector(rows);
  const { pages, matches, found, firstUrl: url, firstType } = stats;
  const item =
    found.item === undefined
      ? []
      : [`${table === undefined ? 'item' : 'rows of table'} ${found.item.matched}`];
  const fields = Object.entries(matches).map(([field, count]) => `${field} ${count}`);
  const counts = [...item, ...fields];
  const foreign = !readsData && stats.crawl === null && !isMarkupType(firstType);
  const told = foreign ? `: its content type is ${firstType}, not HTML` : '';
  const advice = foreign
    ? getAdvice(firstType)
    : readsData || table !== undefined
      ? stats
          .listReasons()
          .filter((text) => readsData || /^(?:the )?table /.test(text))
          .slice(0, 1)
          .map((text) => `${text}${/[.?]$/.test(text) ? '' : '.'} `)
          .join('')
      : '';
  const empty = advice === '' ? ' If no rows are fine, set expect: { allow_empty: true }.' : '';
  const unread = stats.describeUnparsedValues().map((text) => ` ${text}.`);
  const crawled = stats.crawl === null ? '' : ` ${describeCrawl(stats.crawl)}`;
  const values = unread.length === 0 ? '' : ` What they matched could not be read:${unread.join('')}`;
  return new ScrapeError(
    'no_items',
    stats.crawl === null
      ? `no items on ${pages} ${pages === 1 ? 'page' : 'pages'} (${url})${told}`
      : `no items on ${pluralize(pages, 'page')} of the crawl (${url})`,
    {
      url,
      hint: `${advice}${counts.length === 0 ? '' : `The selectors matched: ${counts.join(', ')}.`}${values}${crawled}${empty}`.trimStart(),
    },
  );
}

/** Says which pages rows were looked for on, and which were not fetched. */
function describeCrawl(crawl: CrawlCounts): string {
  const stop = crawl.describeStop();
  const read =
    crawl.read === 0
      ? `Rows were looked for on none of its pages: crawl.rows_from does not match their addresses, such as ${crawl.unread}.`
      : `Rows were looked for on ${pluralize(crawl.read, 'page')}.`;
  const left = crawl.describeLeft();
  return [
    ...(stop === undefined ? [] : [`It ${stop}.`]),
    read,
    ...(left === '' ? [] : [`Left out: ${left}.`]),
  ].join(' ');
}

function getAdvice(contentType: string): string {
  return isJsonType(contentType)
    ? 'JSON is read by paths: item: "json:$.results[*]", and in the fields "json:$.name". '
    : 'Selectors read HTML, XML and JSON: give the address of the page that shows the data. ';
}

/** Whether a content type is that of JSON. */
function isJsonType(contentType: string): boolean {
  return /^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(contentType);
}

/** Some servers send pages as plain text, or without a content type. */
function isMarkupType(contentType: string): boolean {
  return contentType === '' || /^text\/|html|xml/.test(contentType);
}
