import type { HomePaths } from '../fs/paths.ts';
import type { ChangeRules } from '../model/change-rules.ts';
import type { RunDifferences } from '../model/differences.ts';
import type { RunRecord } from '../model/run-record.ts';
import { openRunItems } from '../runs/item-file.ts';
import type { RunStore } from '../runs/run-store.ts';
import { compareItems } from './compare-items.ts';
import { comparisonDoubts } from './comparison-doubts.ts';
import { formatKey, resolveComparisonKey } from './comparison-key.ts';
import { countedChanges } from './counted-changes.ts';

interface ComparisonInput {
  /** Of the run's configuration. */
  rules: ChangeRules;
  /** The configuration's fields that contain the time of fetching. */
  fetchTimes: readonly string[];
  /** If either run has more items, they are not compared. */
  maxItems: number;
  signal: AbortSignal;
}

/**
 * Compares the items of a run with those of the last good run of its job before it; `null` for a first run. {@link
 * resolveComparisonKey} selects the key.
 * @returns the counts, and what is doubtful in them
 * @throws QuickscrapeError when items cannot be read; the reason of the signal once it is aborted
 */
export async function compareWithLast(
  { paths, runs }: { paths: HomePaths; runs: RunStore },
  run: RunRecord,
  { rules, fetchTimes, maxItems, signal }: ComparisonInput,
): Promise<{ changes: RunDifferences; doubts: string[] } | null> {
  const [last] = runs.succeededBefore(run, { limit: 1 });
  if (last === undefined || Math.max(last.items, run.items) > maxItems) return null;
  const before = await openRunItems(paths, last);
  try {
    const after = await openRunItems(paths, run);
    try {
      const key = await resolveComparisonKey(rules.key, after);
      const counted = countedChanges(rules, key.fields, fetchTimes);
      const compared = await compareItems(before, after, { key: key.fields, counted, limit: 0, signal });
      const { added, removed, changed, unchanged } = compared;
      return {
        changes: { with_run_id: last.runId, key: formatKey(key), added, removed, changed, unchanged },
        doubts: comparisonDoubts(rules, key, compared),
      };
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}
