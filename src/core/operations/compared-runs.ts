import { changeRulesInConfig, fetchTimesInConfig } from '../configs/config-values.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { type ChangeRules, EVERY_CHANGE } from '../model/change-rules.ts';
import { isActive, type RunRecord } from '../model/run-record.ts';
import { type ComparisonKey, resolveComparisonKey } from '../quality/comparison-key.ts';
import { type CountedChanges, countedChanges } from '../quality/counted-changes.ts';
import { hasRunItems, type ItemSource, type OpenItems, openRunItems } from '../runs/item-file.ts';
import { neverStarted } from '../runs/run-errors.ts';
import type { Workspace } from '../workspace.ts';

interface ComparisonRules {
  by: ComparisonKey;
  rules: ChangeRules;
  counted: CountedChanges;
}

/**
 * By what the items of two runs are compared, and what counts.
 * @param yaml the configuration of the later run
 * @param after the later items
 * @param isEvery every difference counts, whatever the configuration leaves out
 * @param requestedKey the key to use; without it, that of the configuration or a guessed one
 */
export async function comparisonRules(
  yaml: string,
  after: ItemSource,
  isEvery: boolean,
  requestedKey: ComparisonKey | undefined,
): Promise<ComparisonRules> {
  const written = changeRulesInConfig(yaml);
  const rules = isEvery ? { ...EVERY_CHANGE, key: written.key } : written;
  const by = requestedKey ?? (await resolveComparisonKey(written.key, after));
  return { by, rules, counted: countedChanges(rules, by.fields, fetchTimesInConfig(yaml)) };
}

/** The run that a run is compared with when none is named. @throws QuickscrapeError `run_not_found` */
export function earlierRun(workspace: Workspace, run: RunRecord): RunRecord {
  const [earlier] = workspace.runs.succeededBefore(run, { limit: 1 });
  if (earlier !== undefined) return earlier;
  throw new QuickscrapeError(
    'run_not_found',
    `no run of job ${run.jobId} before ${run.runId} succeeded, or it is no longer kept`,
    {
      field: 'with_run_id',
      hint: { id: 'compare_with' },
    },
  );
}

/** The most earlier runs of which the folders are checked. */
const MAX_EARLIER_RUNS = 1_000;

/**
 * The newest earlier run that succeeded and whose items are kept, and how many newer ones have none any more.
 * @throws QuickscrapeError `run_not_found`; `conflict` when no run has its items
 */
export function earlierRunWithItems(
  workspace: Workspace,
  run: RunRecord,
): { earlier: RunRecord; skippedRuns: number } {
  const newest = earlierRun(workspace, run);
  if (hasRunItems(workspace.paths, newest)) return { earlier: newest, skippedRuns: 0 };
  const runs = workspace.runs.succeededBefore(run, { limit: MAX_EARLIER_RUNS });
  const skippedRuns = runs.findIndex((one) => hasRunItems(workspace.paths, one));
  const earlier = runs[skippedRuns];
  if (earlier !== undefined) return { earlier, skippedRuns };
  const which = runs.length === 1 ? `The one run` : `None of the ${runs.length} runs`;
  const has = runs.length === 1 ? 'has no items any more' : 'has items any more';
  throw new QuickscrapeError(
    'conflict',
    `nothing to compare with. ${which} of job ${run.jobId} that succeeded before ${run.runId} ${has}`,
    {
      field: 'with_run_id',
      hint: 'Either the folders of those runs were removed (keep_runs says how many runs stay), or a past was invented for them, as in the demo. Run the job again: that run can be compared with this one.',
    },
  );
}

/** Opens the items of a run that has ended. @throws QuickscrapeError `conflict`; `store_unavailable` */
export async function openComparedItems({ paths }: Workspace, run: RunRecord): Promise<OpenItems> {
  if (isActive(run.status)) {
    throw new QuickscrapeError('conflict', `run ${run.runId} has not finished: its items are not complete`, {
      hint: 'Wait until it has ended.',
    });
  }
  if (run.startedAt === null) throw neverStarted(run);
  return openRunItems(paths, run);
}
