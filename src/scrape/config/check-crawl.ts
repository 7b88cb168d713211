import { asRecord } from '../../core/lib/json.ts';
import { hasMatch } from '../parsers/match-pattern.ts';
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

/**
 * Warns of a crawl that follows no link, and of patterns that were probably meant otherwise.
 * @param raw the configuration as it is written
 */
export function warnCrawl({ crawl }: Pick<ScrapeConfig, 'crawl'>, raw: Tree): Finding[] {
  if (crawl === undefined) return [];
  const written = asRecord(raw['crawl']);
  return [
    ...(crawl.depth === 0 ? [withoutDepth()] : []),
    ...PATTERN_KEYS.flatMap((key) => warnSlashes(key, written[key])),
    ...warnOfStart(written['not'], [raw['url'], raw['urls']].flat()),
  ];
}

function withoutDepth(): Finding {
  const message = 'with depth 0 no link is followed: only the start pages are fetched';
  return { path: ['crawl', 'depth'], message, hint: 'Write at least 1, or remove crawl.' };
}

const PATTERN_KEYS = ['match', 'not', 'rows_from'] as const;

/** A pattern between slashes with flags, or with an anchor at a slash: no address has the slash there. */
const BETWEEN_SLASHES = /^\/(?:(.+)\/[gimsuy]+|(\^.*)\/|(.*\$)\/)$/;

function warnSlashes(key: string, patterns: unknown): Finding[] {
  const isList = Array.isArray(patterns);
  return [patterns].flat().flatMap((pattern, index) => {
    const found = typeof pattern === 'string' ? BETWEEN_SLASHES.exec(pattern) : null;
    const inner = found?.slice(1).find((part) => part !== undefined);
    if (inner === undefined) return [];
    const path = ['crawl', key, ...(isList ? [index] : [])];
    const message = 'the slashes around the pattern are part of it, and no address has them there';
    return [
      { path, message, hint: `Write it without them: ${key}: '${inner}'. (?i) before it ignores case.` },
    ];
  });
}

/** Both are compared as they are written: an answer about the value of a variable would let it be guessed. */
function warnOfStart(not: unknown, urls: readonly unknown[]): Finding[] {
  const isPlain = (text: unknown) => typeof text === 'string' && !text.includes('${');
  const index = [not]
    .flat()
    .findIndex(
      (pattern) =>
        isPlain(pattern) && urls.some((url) => isPlain(url) && hasMatch(String(pattern), String(url))),
    );
  if (index < 0) return [];
  return [
    {
      path: ['crawl', 'not', ...(Array.isArray(not) ? [index] : [])],
      message: 'the pattern matches a start page, which is fetched all the same',
      hint: 'Links that it matches are left out, perhaps all of the site: make it longer if that is not meant.',
    },
  ];
}
