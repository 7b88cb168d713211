import { hash } from 'node:crypto';
import type { ScrapeConfig } from '../config/config-schema.ts';

/**
 * The same for configurations that ask for as much: where they begin, how far they go, what they leave out. Selectors are no
 * part of it: one that was rewritten is held against the one that it replaced. Short, as an address may hold a secret.
 */
export function formatExtent({
  urls,
  sitemap,
  pagination,
  follow,
  dedupe,
}: Pick<ScrapeConfig, 'urls' | 'sitemap' | 'pagination' | 'follow' | 'dedupe'>): string {
  const { selector: _, ...walk } = { selector: '', ...pagination };
  const details = follow && { on_error: follow.on_error, max_pages: follow.max_pages };
  const text = JSON.stringify([urls, sitemap, walk, details, dedupe]);
  return hash('sha256', text, 'hex').slice(0, 8);
}
