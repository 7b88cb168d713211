import * as z from 'zod';
import { patternInput, webAddress } from './input-types.ts';

/** A sitemap (sitemaps.org) whose pages are fetched. */
export interface SitemapSource {
  /** Address of a sitemap, of a sitemap index, or of a robots.txt that names sitemaps. */
  url: string;
  /** RE2 patterns: an address is taken only if one of them matches; empty for all. */
  include: string[];
  /** RE2 patterns: an address is left out if one of them matches. */
  exclude: string[];
  /** Hosts besides the sitemap's own whose pages are taken. */
  hosts: string[];
  /** Maximum number of pages. */
  max?: number;
  /** Pages whose last change is older are left out. */
  max_age_days?: number;
}

const patterns = z.union([patternInput, z.array(patternInput).min(1)]);

export const sitemapInput = z
  .union([
    webAddress,
    z.strictObject({
      url: webAddress.describe('Address of the sitemap, or of a robots.txt that names it'),
      include: patterns.optional().describe('Take only addresses that one of these patterns (RE2) matches'),
      exclude: patterns.optional().describe('Leave out addresses that one of these patterns (RE2) matches'),
      hosts: z
        .array(z.string().min(1))
        .default([])
        .describe("Other hosts whose pages are also taken; those of the sitemap's own host always are"),
      max: z
        .int()
        .positive()
        .optional()
        .describe('Take at most this many pages, in the order of the sitemap'),
      max_age_days: z
        .number()
        .positive()
        .optional()
        .describe('Leave out pages that have not changed for this many days, by the sitemap (lastmod)'),
    }),
  ])
  .describe('Address of a sitemap whose pages are fetched; in place of url and urls');

export function completeSitemap(input: z.output<typeof sitemapInput>): SitemapSource {
  if (typeof input === 'string') return { url: input, include: [], exclude: [], hosts: [] };
  const { url, include = [], exclude = [], hosts, max, max_age_days } = input;
  return {
    url,
    include: [include].flat(),
    exclude: [exclude].flat(),
    hosts,
    ...(max !== undefined && { max }),
    ...(max_age_days !== undefined && { max_age_days }),
  };
}
