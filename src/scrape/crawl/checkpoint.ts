import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { walkCountsSchema } from '../paginate/walk-counts.ts';
import { pageListSchema } from './page-list.ts';

/** A checkpoint of another format is ignored. */
export const CHECKPOINT_FORMAT = 3;

/** Pages of yesterday and of today do not make a consistent list of either day. */
const MAX_CHECKPOINT_AGE_MS = 6 * 3_600_000;

/** Minimum interval between checkpoints, in milliseconds… */
export const MIN_CHECKPOINT_INTERVAL_MS = 250;

/** …and at least this many times the duration of the last one, so that checkpoints cost a run little. */
export const CHECKPOINT_INTERVAL_FACTOR = 20;

const counts = z.record(z.string(), z.number());
const foundOnPages = z.object({ matched: z.number(), pages: z.number() });

/** The progress of an attempt after a page: enough to continue from there. */
const checkpointSchema = z.object({
  format: z.literal(CHECKPOINT_FORMAT),
  /** Epoch milliseconds. */
  savedAt: z.number(),
  /** Hash of the configuration and the start addresses (resume.ts). */
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
  seen: z.array(z.string()),
  tally: z.object({
    pages: z.number(),
    details: z.number(),
    items: z.number(),
    duplicates: z.number(),
    bytes: z.number(),
    firstUrl: z.string(),
    firstType: z.string(),
    matches: counts,
    matchedPages: counts,
    found: z.object({ item: foundOnPages.optional(), pagination: foundOnPages.optional() }),
    walks: walkCountsSchema(),
    filled: counts,
    missing: pageListSchema(),
    bare: pageListSchema(),
    warnings: z.array(z.object({ kind: z.string(), text: z.string(), more: z.number() })),
    unread: z.array(
      z.object({ field: z.string(), reason: z.string(), count: z.number(), sample: z.string() }),
    ),
  }),
});

export type Checkpoint = z.output<typeof checkpointSchema>;

/**
 * Reads the checkpoint of an earlier attempt.
 * @returns the checkpoint, or why it cannot be used; undefined if there is none
 */
export function readCheckpoint(
  file: string,
  fingerprint: string,
  itemBytes: number,
  now: number,
): Checkpoint | { unusable: string } | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const checkpoint = checkpointSchema.safeParse(tryParseJson(text)).data;
  if (checkpoint === undefined) return { unusable: 'what an earlier attempt noted cannot be read' };
  if (checkpoint.fingerprint !== fingerprint)
    return { unusable: 'the configuration or its addresses have changed' };
  if (Math.abs(now - checkpoint.savedAt) > MAX_CHECKPOINT_AGE_MS)
    return {
      unusable: `the pages of the earlier attempt are older than ${MAX_CHECKPOINT_AGE_MS / 3_600_000} hours`,
    };
  if (itemBytes < checkpoint.itemBytes)
    return { unusable: 'the items of the earlier attempt are not all there' };
  return checkpoint;
}

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
