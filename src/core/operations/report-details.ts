import { type ReportedJob, toError } from '../diagnostics/report/reported-jobs.ts';
import { QuickscrapeError } from '../lib/errors.ts';
import { Limiter } from '../lib/limiter.ts';
import { toRowChange } from '../quality/row-change.ts';
import type { Cause } from '../quality/run-facts.ts';
import type { ChangeFigures } from '../runs/period-figures.ts';
import type { Workspace } from '../workspace.ts';
import { compareRuns } from './compare-runs.ts';
import type { OperationContext } from './define-operation.ts';
import { explainRun } from './explain-run.ts';
import { formatInstantOrNull } from './operation-fields.ts';

/** More of them would hide the rest of a page; the list of jobs has all. */
const MAX_EXPLAINED = 20;
const MAX_CHANGED = 20;
/** Differences of one job. */
const MAX_ROWS = 6;
/** The items of two runs that are compared, and of all that are compared for a report. */
const MAX_ITEMS = 100_000;
const MAX_ITEMS_IN_ALL = 400_000;
/** Explaining a run may start a process that compares its page with an earlier one. */
const EXPLAIN_AT_ONCE = 2;

/** Hides what a client would not see either: the report is read by others. */
function forOthers(context: OperationContext): OperationContext {
  return { ...context, reviewConfig: context.reviewConfig ?? (() => {}) };
}

/** Explains the last run of failing jobs, in the given order. */
export async function explainFailures(
  workspace: Workspace,
  jobs: readonly ReportedJob[],
  context: OperationContext,
) {
  const limiter = new Limiter(EXPLAIN_AT_ONCE);
  const explained = jobs
    .slice(0, MAX_EXPLAINED)
    .map(async ({ entry, condition, failing, last, timezone }) => {
      if (last === undefined) return [];
      const { cause, explanation } = await limiter.run(() => explain(workspace, last.runId, context));
      return [
        {
          job_id: entry.id,
          run_id: last.runId,
          status: last.status,
          at: formatInstantOrNull(last.at, timezone) ?? '',
          paused: condition === 'paused',
          since: formatInstantOrNull(failing?.firstFailure ?? null, timezone),
          last_success: formatInstantOrNull(failing?.lastSuccess ?? null, timezone),
          failures_in_a_row: entry.kind === 'valid' ? entry.state.failures : 0,
          error: toError(last),
          cause,
          explanation,
        },
      ];
    });
  return (await Promise.all(explained)).flat();
}

async function explain(
  workspace: Workspace,
  run_id: string,
  context: OperationContext,
): Promise<{ cause: Cause; explanation: string[] }> {
  try {
    return await explainRun.handler(workspace, { run_id }, forOthers(context));
  } catch (error) {
    // It was removed meanwhile.
    if (error instanceof QuickscrapeError) return { cause: 'other', explanation: [] };
    throw error;
  }
}

/** The newest changes of jobs, with their first differences, in the given order; `at` in epoch milliseconds. */
export async function describeChanges(
  workspace: Workspace,
  changes: readonly ChangeFigures[],
  context: OperationContext,
) {
  const described = [];
  let items = 0;
  for (const { jobId, runId, at, runs, differences } of changes.slice(0, MAX_CHANGED)) {
    const { with_run_id, added, removed, changed, unchanged } = differences;
    const size = added + removed + 2 * (changed + unchanged);
    const isCompared = size <= MAX_ITEMS && items + size <= MAX_ITEMS_IN_ALL;
    if (isCompared) items += size;
    const rows = isCompared ? await readRows(workspace, runId, with_run_id, context) : [];
    described.push({ job_id: jobId, run_id: runId, with_run_id, at, runs, added, removed, changed, rows });
  }
  return described;
}

async function readRows(
  workspace: Workspace,
  run_id: string,
  with_run_id: string,
  context: OperationContext,
) {
  try {
    const input = { run_id, with_run_id, whole: false, all: false, limit: MAX_ROWS };
    const { examples, key } = await compareRuns.handler(workspace, input, forOthers(context));
    return examples.map((example) => toRowChange(example, key?.split(', ') ?? []));
  } catch (error) {
    // The items were removed meanwhile, or hold a value that cannot be hidden: the counts remain.
    if (error instanceof QuickscrapeError) return [];
    throw error;
  }
}
