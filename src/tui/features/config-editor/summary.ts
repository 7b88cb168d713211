import { parse } from 'yaml';
import { hostInConfig } from '../../../core/configs/config-host.ts';
import type { ConfigSummary } from './model.ts';

/** What a text seems to say; a text that is no YAML says nothing. */
export function summarizeConfig(yaml: string): ConfigSummary {
  const tree = parseTree(yaml);
  const { url, urls, sitemap, selectors, pagination } = tree;
  const addresses = Array.isArray(urls) ? urls.length : (url ?? sitemap) === undefined ? 0 : 1;
  return {
    host: hostInConfig(yaml),
    addresses,
    pages: isTree(pagination)
      ? describePagination(pagination)
      : sitemap !== undefined
        ? 'sitemap'
        : addresses > 1
          ? `${addresses} pages`
          : 'one page',
    fields: isTree(selectors) ? Object.keys(selectors) : [],
  };
}

type Tree = Readonly<Record<string, unknown>>;

const PAGINATION_LABELS: Readonly<Record<string, string>> = {
  next_button: 'next button',
  url_param: 'parameter',
  page_number: 'page number',
};

function describePagination({ type, max_pages: maxPages }: Tree): string {
  const label = typeof type === 'string' ? PAGINATION_LABELS[type] : undefined;
  if (label === undefined) return 'one page';
  return typeof maxPages === 'number' ? `${label}, ${maxPages}` : label;
}

function parseTree(yaml: string): Tree {
  try {
    // What is written twice or refers to itself is for the check to refuse.
    const tree: unknown = parse(yaml, { maxAliasCount: 0, uniqueKeys: false, logLevel: 'silent' });
    return isTree(tree) ? tree : {};
  } catch {
    return {};
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
