import { countEdits } from '../../core/lib/closest-names.ts';

/** Names that other tools use for our keys. */
const SYNONYMS: Readonly<Record<string, string>> = {
  attr: 'attribute',
  fields: 'selectors',
  css: 'selector',
  delay: 'delays',
  start_url: 'url',
  start_urls: 'urls',
  proxies: 'proxy',
  proxy_url: 'proxy',
  http_proxy: 'proxy',
  https_proxy: 'proxy',
  sitemap_url: 'sitemap',
  sitemap_urls: 'sitemap',
  sitemaps: 'sitemap',
  url_file: 'urls_from',
  urls_file: 'urls_from',
  urls_from_file: 'urls_from',
  from_file: 'urls_from',
  globs: 'include',
  regexps: 'include',
  sitemap_rules: 'include',
  allow: 'match',
  include: 'match',
  deny: 'not',
  exclude: 'not',
  limit: 'max_pages',
  max_depth: 'depth',
  depth_limit: 'depth',
  max_discovery_depth: 'depth',
  follow_links: 'crawl',
  crawler: 'crawl',
  spider: 'crawl',
  container: 'item',
  items: 'item',
  row: 'item',
  rows: 'item',
  separator: 'delimiter',
  file: 'path',
  filename: 'path',
  cleaning: 'data_cleaning',
  robots: 'respect_robots',
  cookies: 'keep_cookies',
  http_cache: 'cache',
  caching: 'cache',
  useragent: 'user_agent',
  all: 'multiple',
  list: 'multiple',
  inner_html: 'html',
  pattern: 'regex',
  re: 'regex',
  data_type: 'type',
  language: 'locale',
  lang: 'locale',
  unique: 'dedupe',
  distinct: 'dedupe',
  deduplicate: 'dedupe',
  detail: 'follow',
  details: 'follow',
  detail_page: 'follow',
  absolute_url: 'absolute',
  absolute_urls: 'absolute',
  float: 'number',
  decimal: 'number',
  int: 'integer',
  bool: 'boolean',
  datetime: 'date',
  time: 'date',
  currency: 'price',
  money: 'price',
  keep: 'keep_row',
  skip: 'drop_row',
  skip_row: 'drop_row',
  exclude_fields: 'ignore',
  ignore_fields: 'ignore',
  ignored: 'ignore',
  track: 'history',
  histories: 'history',
  parameters: 'params',
  parameter: 'params',
  arguments: 'params',
  inputs: 'params',
  values: 'history',
  trim: 'ignore_whitespace',
  ignore_space: 'ignore_whitespace',
  drops_by: 'falls_by',
  drops_by_percent: 'falls_by_percent',
  drops_below: 'falls_below',
  below: 'falls_below',
  above: 'rises_above',
  equals: 'becomes',
  is: 'becomes',
  includes: 'contains',
  new: 'added',
  updated: 'changed',
  deleted: 'removed',
  any: 'changes',
};

/** Returns the allowed word nearest to `word`, or undefined if none is near. */
export function findNearestName(word: string, allowed: readonly string[]): string | undefined {
  const plain = snakeCase(word);
  const synonym = Object.hasOwn(SYNONYMS, plain) ? SYNONYMS[plain] : undefined;
  if (synonym !== undefined && allowed.includes(synonym)) return synonym;
  const reach = Math.max(1, Math.floor(plain.length / 3));
  return allowed
    .map((candidate) => ({ candidate, far: countEdits(plain, candidate) }))
    .filter(({ far }) => far <= reach)
    .sort((a, b) => a.far - b.far)[0]?.candidate;
}

function snakeCase(word: string): string {
  return word
    .slice(0, 64)
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/[-\s]+/g, '_')
    .toLowerCase();
}
