import type { HomePaths } from '../paths.ts';
import { compareItems } from './compare-items.ts';
import { comparisonKey, keyWords } from './comparison-key.ts';
import type { RunDifferences } from './differences.ts';
import { openItemsOf } from './items-of-run.ts';
import type { RunRecord } from './record.ts';
import type { RunStore } from './run-store.ts';

/**
 * Compares the items of a run with those of the last good run of its job before it; `null` for a first run. They are told
 * apart as {@link comparisonKey} says.
 * @param key the configuration's `output.key`
 * @param most where either has more items, nothing is compared, and it is `null` as well
 * @throws QuickscrapeError when items cannot be read; the reason of the signal once it is aborted
 */
export async function compareWithLast(
  { paths, runs }: { paths: HomePaths; runs: RunStore },
  run: RunRecord,
  { key: configured, most, signal }: { key: readonly string[]; most: number; signal: AbortSignal },
): Promise<RunDifferences | null> {
  const [last] = runs.succeededBefore(run, { limit: 1 });
  if (last === undefined || Math.max(last.items, run.items) > most) return null;
  const before = await openItemsOf(paths, last);
  try {
    const after = await openItemsOf(paths, run);
    try {
      const key = await comparisonKey(configured, after);
      const { added, removed, changed, unchanged } = await compareItems(before, after, {
        ...{ key: key.fields, limit: 0, signal },
      });
      return { with_run_id: last.runId, key: keyWords(key), added, removed, changed, unchanged };
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}
