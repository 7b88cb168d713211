import * as z from 'zod';
import { patternInput } from './input-types.ts';

/** Follows all links of pages, from the start addresses on. Patterns are of RE2's dialect. */
export interface CrawlRules {
  /** A link is followed only if one of them, or one of `rows_from`, matches; empty for all. */
  match: string[];
  /** A link is left out if one of them matches. */
  not: string[];
  /** Rows are read from pages whose address one of them matches; empty for all pages. */
  rows_from: string[];
  /** Hosts besides those of the start addresses whose pages are fetched. */
  hosts: string[];
  /** The most links between a start address and a page; absent for any number. */
  depth?: number;
  /** The most pages that are fetched. */
  max_pages: number;
  /**
   * After this many pages in a row whose addresses differ only in numbers, and that brought nothing new, the others are
   * left out.
   */
  patience: number;
}

/** A site of this size takes a quarter of an hour with the default delay of one second. */
export const DEFAULT_MAX_PAGES = 1_000;
export const DEFAULT_PATIENCE = 50;

const patterns = z.union([patternInput, z.array(patternInput).min(1)]);

export const crawlInput = z
  .strictObject({
    match: patterns
      .optional()
      .describe('Follow only links whose address one of these patterns (RE2), or of rows_from, matches'),
    not: patterns
      .optional()
      .describe('Leave out links whose address one of these patterns (RE2) matches, whatever else does'),
    rows_from: patterns
      .optional()
      .describe('Read rows only from pages whose address one of these patterns (RE2) matches'),
    hosts: z
      .array(z.string().min(1))
      .default([])
      .describe("Other hosts whose pages are also fetched; those of the start pages' hosts always are"),
    depth: z
      .int()
      .nonnegative()
      .optional()
      .describe('The most links between a start page, which has depth 0, and a page; default: any number'),
    max_pages: z
      .int()
      .positive()
      .default(DEFAULT_MAX_PAGES)
      .describe('Stop after this many pages, start pages and missing ones included'),
    patience: z
      .int()
      .positive()
      .default(DEFAULT_PATIENCE)
      .describe(
        'Leave out addresses that differ only in numbers, as those of a calendar do, after this many in a row with nothing new',
      ),
  })
  .describe('Follow all links of the start pages, of the pages that they lead to, and so on');

export function completeCrawl(input: z.output<typeof crawlInput>): CrawlRules {
  const { match = [], not = [], rows_from = [], depth, ...limits } = input;
  return {
    match: [match].flat(),
    not: [not].flat(),
    rows_from: [rows_from].flat(),
    ...limits,
    ...(depth !== undefined && { depth }),
  };
}
