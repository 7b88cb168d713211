import { activeRules } from '../model/change-rules.ts';
import { formatKey } from '../quality/comparison-key.ts';
import { type JoinedItems, joinItems } from '../quality/join-items.ts';
import type { Workspace } from '../workspace.ts';
import { comparisonRules, earlierRunWithItems, openComparedItems } from './compared-runs.ts';
import { findRun } from './find-or-throw.ts';
import { readRunConfig } from './run-config.ts';

interface JoinRequest {
  runId: string;
  /** The earlier run; without it, the last good one before it whose items are kept. */
  withRunId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Called with the share of the work that is done, from 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
}

/** Two runs side by side, and by what their items were matched: as `compare_runs` does it. */
export interface JoinedRuns extends JoinedItems {
  withRunId: string;
  /** The number of runs between the two that were left out, because their items are gone. */
  skippedRuns: number;
  /** The fields that identify items; `null`: compared as a whole. */
  key: string | null;
  /** The parts of `changes` in the configuration by which some differences do not count. */
  rules: readonly string[];
}

/**
 * Writes the items of two runs side by side to a new file of this process ({@link joinItems}). No operation: a client of
 * the home reads pages of `compare_runs`.
 * @throws QuickscrapeError as `compare_runs`; `conflict` when no earlier run has its items; the reason of the signal
 */
export async function joinRuns(
  workspace: Workspace,
  file: string,
  { runId, withRunId, signal, onProgress }: JoinRequest,
): Promise<JoinedRuns> {
  const run = findRun(workspace, runId);
  const { earlier, skippedRuns } =
    withRunId === undefined
      ? earlierRunWithItems(workspace, run)
      : { earlier: findRun(workspace, withRunId, 'with_run_id'), skippedRuns: 0 };
  const before = await openComparedItems(workspace, earlier);
  try {
    const after = await openComparedItems(workspace, run);
    try {
      const { by, rules, counted } = await comparisonRules(
        readRunConfig(workspace, run),
        after,
        false,
        undefined,
      );
      const total = Math.max(1, (earlier.items ?? 0) + 2 * (run.items ?? 0));
      const joined = await joinItems(before, after, file, {
        key: by.fields,
        counted,
        signal,
        onProgress: (items) => onProgress?.(Math.min(1, items / total)),
      });
      return {
        ...joined,
        withRunId: earlier.runId,
        skippedRuns,
        key: formatKey(by),
        rules: activeRules(rules),
      };
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}
