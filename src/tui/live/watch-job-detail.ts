import type { RunOutput } from '../../core/operations/run-output.ts';
import type { ToldOfJob } from '../detail/job-detail.ts';
import type { WatchOf } from '../state/watch.ts';
import { callWithinLimits } from './call-within-limits.ts';
import { failureOf } from './failure.ts';
import type { StopWatch } from './keep-watches.ts';
import type { Surroundings } from './surroundings.ts';

/** The cursor has to rest on a job for so long before it is asked about. */
const REST_MS = 60;
const NEXT_RUNS = 10;

/** Asks once what there is to say of a job; nothing is told when the cursor has gone on meanwhile. */
export function watchJobDetail({ jobId }: WatchOf<'job_detail'>, surroundings: Surroundings): StopWatch {
  const { send } = surroundings;
  let ended = false;
  const ask = async () => {
    try {
      const job = await callWithinLimits(surroundings, 'get_job', { job_id: jobId });
      if (ended) return;
      const params = { job_id: jobId, count: NEXT_RUNS };
      const preview = await callWithinLimits(surroundings, 'preview_schedule', params);
      if (ended) return;
      const lastRun = await warningsOf(surroundings, job.recent_runs);
      if (!ended) send({ kind: 'job_detail', jobId, told: { job, preview, lastRun } });
    } catch (error) {
      if (!ended) send({ kind: 'job_detail', jobId, failure: failureOf(error) });
    }
  };
  const timer = setTimeout(() => void ask(), REST_MS);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

async function warningsOf(
  surroundings: Surroundings,
  runs: readonly RunOutput[],
): Promise<ToldOfJob['lastRun']> {
  const last = runs.find(({ started_at, finished_at }) => started_at !== null && finished_at !== null);
  if (last === undefined) return undefined;
  const { run_id } = last;
  const { warnings } = await callWithinLimits(surroundings, 'get_run', {
    run_id,
    log_lines: 0,
    sample_items: 0,
  });
  return { run_id, warnings };
}
