import { parse } from 'yaml';
import { hostInConfig } from '../../../core/configs/config-values.ts';
import { isRecord } from '../../../core/lib/json.ts';
import type { ConfigSummary } from './model.ts';

/** Summarizes a text. A text that is not YAML has an empty summary. */
export function summarizeConfig(yaml: string): ConfigSummary {
  const tree = parseTree(yaml);
  const { url, urls, sitemap, urls_from, crawl, selectors, pagination } = tree;
  const addresses = Array.isArray(urls) ? urls.length : (url ?? sitemap ?? urls_from) === undefined ? 0 : 1;
  return {
    host: hostInConfig(yaml),
    addresses,
    pages: isRecord(crawl)
      ? describeCrawl(crawl)
      : isRecord(pagination)
        ? describePagination(pagination)
        : sitemap !== undefined
          ? 'sitemap'
          : urls_from !== undefined
            ? describeSource(urls_from)
            : addresses > 1
              ? `${addresses} pages`
              : 'one page',
    fields: isRecord(selectors) ? Object.keys(selectors) : [],
  };
}

/** Where the addresses come from. */
function describeSource(source: unknown): string {
  const { template, job } = isRecord(source) ? source : {};
  if (template !== undefined) return 'template';
  return job === undefined ? 'file of addresses' : 'rows of a job';
}

type Tree = Readonly<Record<string, unknown>>;

const PAGINATION_LABELS: Readonly<Record<string, string>> = {
  next_button: 'next button',
  cursor: 'cursor',
  link_header: 'link header',
  url_param: 'parameter',
  page_number: 'page number',
};

function describeCrawl({ max_pages: maxPages }: Tree): string {
  return typeof maxPages === 'number' ? `crawl, ${maxPages}` : 'crawl';
}

function describePagination({ type, max_pages: maxPages }: Tree): string {
  const label = typeof type === 'string' ? PAGINATION_LABELS[type] : undefined;
  if (label === undefined) return 'one page';
  return typeof maxPages === 'number' ? `${label}, ${maxPages}` : label;
}

export function parseTree(yaml: string): Tree {
  try {
    // Duplicate keys and recursive aliases are left to the check, which rejects them.
    const tree: unknown = parse(yaml, { maxAliasCount: 0, uniqueKeys: false, logLevel: 'silent' });
    return isRecord(tree) ? tree : {};
  } catch {
    return {};
  }
}
