import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import * as z from 'zod';
import { writeFileDurably } from '../../core/fs/atomic-file.ts';
import { paginationStatsSchema } from '../pagination/pagination-context.ts';
import { crawlCountsSchema } from './crawl-counts.ts';
import { pageListSchema } from './page-list.ts';

/** A checkpoint of another format is ignored. */
export const CHECKPOINT_FORMAT = 4;

const counts = z.record(z.string(), z.number());
const foundOnPages = z.object({ matched: z.number(), pages: z.number() });

/** All counts of a run so far (ScrapeStats.state). */
export const statsStateSchema = z.object({
  pages: z.number(),
  details: z.array(z.number()),
  items: z.number(),
  duplicates: z.number(),
  bytes: z.number(),
  firstUrl: z.string(),
  firstType: z.string(),
  matches: counts,
  matchedPages: counts,
  found: z.object({ item: foundOnPages.optional(), pagination: foundOnPages.optional() }),
  walks: paginationStatsSchema(),
  crawl: crawlCountsSchema().optional(),
  filled: counts,
  missing: pageListSchema(),
  missingAgain: z.number().default(0),
  bare: pageListSchema(),
  warnings: z.array(
    z.object({ kind: z.string(), text: z.string(), more: z.number(), ofPage: z.boolean().optional() }),
  ),
  unread: z.array(
    z.object({
      field: z.string(),
      reason: z.string(),
      count: z.number(),
      sample: z.string(),
    }),
  ),
  absent: z
    .array(z.object({ field: z.string(), count: z.number(), present: z.number(), sample: z.string() }))
    .optional(),
  misses: z.record(z.string(), z.string()).optional(),
});

/** The progress of an attempt after a page: enough to continue from there. */
export const checkpointSchema = z.object({
  format: z.literal(CHECKPOINT_FORMAT),
  /** Epoch milliseconds. */
  savedAt: z.number(),
  /** Hash of the configuration and the start addresses. */
  fingerprint: z.string(),
  /** Size of `items.jsonl`. The bytes beyond belong to a page that was not completed. */
  itemBytes: z.number(),
  /** The page that was completed last. */
  url: z.string(),
  position: z.object({
    start: z.number(),
    pages: z.number(),
    next: z.string().nullable(),
    rows: z.string(),
  }),
  /** The pages that were fetched, without the start addresses of a sitemap or of `urls_from` up to `position.start`. */
  seen: z.array(z.string()),
  tally: statsStateSchema,
});

export type Checkpoint = z.output<typeof checkpointSchema>;

/** Where the checkpoint of a run is. */
export interface CheckpointStore {
  /** Whether a checkpoint survives a power loss, and the items that it speaks of have to. */
  readonly isDurable: boolean;
  /** Returns the checkpoint of the earlier attempt; undefined if there is none. */
  read(): string | undefined;
  /** @param itemBytes the size of `items.jsonl` that belongs to it */
  write(text: string, itemBytes: number): Promise<void>;
  forget(): Promise<void>;
}

/** The checkpoint of a run of this home. */
export function checkpointFile(file: string): CheckpointStore {
  return {
    isDurable: true,
    read() {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
    write: (text) => writeFileDurably(file, text),
    forget: () => rm(file, { force: true }),
  };
}
