import type { HomePaths } from '../fs/paths.ts';
import type { RunDifferences } from '../model/differences.ts';
import type { RunRecord } from '../model/run-record.ts';
import { openRunItems } from '../runs/item-file.ts';
import type { RunStore } from '../runs/run-store.ts';
import { compareItems } from './compare-items.ts';
import { formatKey, resolveComparisonKey } from './comparison-key.ts';

interface ComparisonInput {
  /** The configuration's `output.key`. */
  key: readonly string[];
  /** The configuration's fields that contain the time of fetching. */
  ignored: readonly string[];
  /** If either run has more items, they are not compared. */
  maxItems: number;
  signal: AbortSignal;
}

/**
 * Compares the items of a run with those of the last good run of its job before it; `null` for a first run. {@link
 * resolveComparisonKey} selects the key.
 * @throws QuickscrapeError when items cannot be read; the reason of the signal once it is aborted
 */
export async function compareWithLast(
  { paths, runs }: { paths: HomePaths; runs: RunStore },
  run: RunRecord,
  { key: configured, ignored, maxItems, signal }: ComparisonInput,
): Promise<RunDifferences | null> {
  const [last] = runs.succeededBefore(run, { limit: 1 });
  if (last === undefined || Math.max(last.items, run.items) > maxItems) return null;
  const before = await openRunItems(paths, last);
  try {
    const after = await openRunItems(paths, run);
    try {
      const key = await resolveComparisonKey(configured, after);
      const { added, removed, changed, unchanged } = await compareItems(before, after, {
        key: key.fields,
        ignored,
        limit: 0,
        signal,
      });
      return { with_run_id: last.runId, key: formatKey(key), added, removed, changed, unchanged };
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}
