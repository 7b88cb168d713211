import { asRecord } from '../../core/lib/json.ts';
import type { ScrapeConfig } from './config-schema.ts';
import type { Finding } from './issue-location.ts';
import { BROWSER_PAGINATION_TYPES } from './pagination.ts';

type Tree = Readonly<Record<string, unknown>>;

const MATCH = 'crawl: {match: "/category/"}';

/**
 * Checks which keys stand beside `crawl`. It reads the raw map, because the rules apply even if other parts are invalid.
 */
export function checkCrawl(raw: Tree): Finding[] {
  if (!Object.hasOwn(raw, 'crawl')) return [];
  const findings: Finding[] = [];
  const { type } = asRecord(raw['pagination']);
  const growing: readonly unknown[] = BROWSER_PAGINATION_TYPES;
  if (growing.includes(type)) {
    findings.push({
      path: ['pagination', 'type'],
      message: `a crawl follows links, and ${type} has none`,
      hint: 'Keep one of the two: pagination for a page that grows, crawl for pages that are linked.',
    });
  } else if (raw['pagination'] !== undefined && type !== 'none') {
    findings.push({
      path: ['pagination'],
      part: 'key',
      message: 'crawl and pagination are both given',
      hint: `Remove pagination: a crawl follows all links, those to the next page, too. Patterns choose among them: ${MATCH}.`,
    });
  }
  if (raw['request'] !== undefined) {
    findings.push({
      path: ['request'],
      part: 'key',
      message: 'crawl and request are both given',
      hint: 'Keep one: a crawl fetches the pages that links lead to, and links are always plain GET requests.',
    });
  }
  return findings;
}

/** Warns of a crawl that follows no link. */
export function warnDepth({ crawl }: Pick<ScrapeConfig, 'crawl'>): Finding[] {
  if (crawl?.depth !== 0) return [];
  const message = 'with depth 0 no link is followed: only the start pages are fetched';
  return [{ path: ['crawl', 'depth'], message, hint: 'Write at least 1, or remove crawl.' }];
}
