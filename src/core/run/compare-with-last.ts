import type { HomePaths } from '../paths.ts';
import { compareItems } from './compare-items.ts';
import type { RunDifferences } from './differences.ts';
import type { ItemSource } from './item-file.ts';
import { openItemsOf } from './items-of-run.ts';
import { likelyKey } from './likely-key.ts';
import type { Item } from './parse-item.ts';
import type { RunRecord } from './record.ts';
import type { RunStore } from './run-store.ts';

/** So many of the first items say which field tells them apart. */
const SAMPLE = 1_000;

/**
 * Compares the items of a run with those of the last good run of its job before it; `null` for a first run. They are told
 * apart by the field that is unique among the first thousand, as a whole without one.
 * @param most where either has more items, nothing is compared, and it is `null` as well
 * @throws QuickscrapeError when items cannot be read; the reason of the signal once it is aborted
 */
export async function compareWithLast(
  { paths, runs }: { paths: HomePaths; runs: RunStore },
  run: RunRecord,
  { most, signal }: { most: number; signal: AbortSignal },
): Promise<RunDifferences | null> {
  const [last] = runs.succeededBefore(run, { limit: 1 });
  if (last === undefined || Math.max(last.items, run.items) > most) return null;
  const before = await openItemsOf(paths, last);
  try {
    const after = await openItemsOf(paths, run);
    try {
      const key = await keyOfItems(after);
      const { added, removed, changed, unchanged } = await compareItems(before, after, {
        ...{ key, limit: 0, signal },
      });
      return { with_run_id: last.runId, key: key ?? null, added, removed, changed, unchanged };
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}

/** The field that tells items apart, by the first thousand of them. */
export async function keyOfItems(source: ItemSource): Promise<string | undefined> {
  const first: Item[] = [];
  for await (const batch of source.items()) {
    first.push(...batch.slice(0, SAMPLE - first.length).map(({ item }) => item));
    if (first.length >= SAMPLE) break;
  }
  return likelyKey(first);
}
