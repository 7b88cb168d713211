import { QuickscrapeError } from '../../../core/lib/errors.ts';
import type { RunOutput } from '../../../core/operations/run-output.ts';
import { listReplaced } from '../../../core/quality/config-edit.ts';
import { toFailure } from '../../kernel/call.ts';
import type { SubscriptionOf } from '../../kernel/model.ts';
import type { EffectContext, Unsubscribe } from '../../runtime/effect-context.ts';
import { invokeWithinPolicy } from '../../runtime/run-call.ts';
import type { JobDetailData } from './model.ts';

/** The cursor has to stay on a job this long (ms) before its detail is requested. */
const DEBOUNCE_MS = 60;
/** More are in the timeline, and in `job next`. */
const NEXT_RUNS = 3;
const MAX_MESSAGES = 3;

/** Requests the detail of a job once. No event is sent when the cursor has moved on meanwhile. */
export function watchJobDetail({ jobId }: SubscriptionOf<'job_detail'>, context: EffectContext): Unsubscribe {
  const { send } = context;
  let ended = false;
  const load = async () => {
    try {
      const job = await invokeWithinPolicy(context, 'get_job', { job_id: jobId });
      if (ended) return;
      const params = { job_id: jobId, count: NEXT_RUNS };
      const preview = await invokeWithinPolicy(context, 'preview_schedule', params);
      if (ended) return;
      const about = { job_id: jobId, limit: MAX_MESSAGES };
      const { messages } = await invokeWithinPolicy(context, 'list_messages', about);
      if (ended) return;
      const lastRun = await readLastRun(context, job.recent_runs);
      if (!ended) send({ kind: 'job_detail', jobId, data: { job, preview, messages, lastRun } });
    } catch (error) {
      if (!ended) send({ kind: 'job_detail', jobId, failure: toFailure(error) });
    }
  };
  const timer = setTimeout(() => void load(), DEBOUNCE_MS);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

async function readLastRun(
  context: EffectContext,
  runs: readonly RunOutput[],
): Promise<JobDetailData['lastRun']> {
  const last = runs.find(({ started_at, finished_at }) => started_at !== null && finished_at !== null);
  if (last === undefined) return undefined;
  const { run_id } = last;
  const { warnings, selectors, run } = await invokeWithinPolicy(context, 'get_run', {
    run_id,
    log_lines: 0,
    sample_items: 0,
  });
  return { run_id, warnings, isChangedSince: isChangedSince(context, run.config_name, selectors) };
}

/** To read a longer configuration may take longer than a key may wait. */
const MAX_READ_CHARACTERS = 100_000;

function isChangedSince(
  { workspace: { configs } }: EffectContext,
  name: string,
  found: Parameters<typeof listReplaced>[1],
): boolean {
  try {
    const { yaml } = configs.read(name);
    return yaml.length <= MAX_READ_CHARACTERS && listReplaced(yaml, found).length > 0;
  } catch (error) {
    if (error instanceof QuickscrapeError) return false;
    throw error;
  }
}
