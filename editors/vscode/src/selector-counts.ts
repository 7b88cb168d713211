import { ProgramError } from './failures.ts';
import type { Caller, Run } from './live-jobs.ts';

/** How many elements a selector matched, and where. */
export interface SelectorCount {
  name: string;
  selector: string;
  matched: number;
  /** What it usually matches, where that is known and another number. */
  usual: number | null;
}

export interface CountedSelectors {
  /** `on the kept page`, `in the last run`, `on the live page` */
  where: string;
  counts: readonly SelectorCount[];
}

/** Runs of each job that are asked for a kept page: only the newest five keep theirs. */
const RUNS_WITH_PAGES = 5;

/**
 * Tries a text on the newest page that a run of its jobs has kept. When none has kept a page, what the selectors
 * matched in the last run; undefined without a run.
 * @throws ProgramError `invalid_config` while the text cannot run
 */
export async function countSelectors(
  caller: Caller,
  configName: string,
  yaml: string,
  signal: AbortSignal,
): Promise<CountedSelectors | undefined> {
  const runs = await lastRuns(caller, configName);
  let last: CountedSelectors | undefined;
  for (const { run_id: runId } of runs) {
    const run = await caller.call('get_run', { run_id: runId, log_lines: 0, sample_items: 0 }, signal);
    if (run.kept_pages.length > 0) {
      const usual = new Map(run.selectors.map((one) => [one.field, one.usual]));
      const params = { config_name: configName, yaml, run_id: runId, sample_items: 0 };
      const { matches } = await caller.call('test_config', params, signal);
      return {
        where: 'on the kept page',
        counts: matches.map((match) => toCount(match, usual.get(match.field))),
      };
    }
    if (last === undefined && run.selectors.length > 0)
      last = { where: 'in the last run', counts: run.selectors.map((one) => toCount(one, one.usual)) };
  }
  return last;
}

/** Tries a stored configuration on its live page. @throws ProgramError */
export async function countOnLivePage(
  caller: Caller,
  configName: string,
  signal: AbortSignal,
): Promise<CountedSelectors & { items: number; problem: string | undefined }> {
  const answer = await caller.call('test_config', { config_name: configName, sample_items: 0 }, signal);
  const { error } = answer;
  return {
    where: 'on the live page',
    counts: answer.matches.map((match) => toCount(match, null)),
    items: answer.items,
    problem: error === null ? undefined : [error.message, error.hint].filter(Boolean).join('. '),
  };
}

/** The last runs of the jobs of a configuration, the newest first. */
async function lastRuns(caller: Caller, configName: string): Promise<Run[]> {
  const { jobs } = await caller.call('list_jobs', { config_name: configName });
  const lists = await Promise.all(
    jobs.map(({ job_id }) => caller.call('list_runs', { job_id, limit: RUNS_WITH_PAGES }).catch(noRuns)),
  );
  const runs = lists.flatMap((list) => list.runs).filter(({ started_at: started }) => started !== null);
  return runs.sort((a, b) => Date.parse(b.queued_at) - Date.parse(a.queued_at)).slice(0, 2 * RUNS_WITH_PAGES);
}

/** A job may be deleted in between. */
function noRuns(error: unknown): { runs: Run[] } {
  if (error instanceof ProgramError) return { runs: [] };
  throw error;
}

interface Match {
  field: string;
  selector: string;
  matched: number;
}

function toCount({ field, selector, matched }: Match, usual: number | null | undefined): SelectorCount {
  return { name: field, selector, matched, usual: usual === matched ? null : (usual ?? null) };
}
