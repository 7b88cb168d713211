import type { JobRecord, JobState } from '../job/record.ts';
import type { RunRecord } from '../run/record.ts';
import type { ActiveRun } from '../schedule/overlap.ts';
import { startOffsetMs } from '../schedule/spread.ts';

/**
 * How long before an occurrence its run is prepared, in milliseconds: the start of a process takes 0.3 to 0.4 s here, and
 * four of them at once on a small machine some 2 s. One that is not ready at its instant is still sooner there than one
 * that is started then.
 */
export const LEAD_MS = 2_000;

/** With less time than this a run is not prepared any more, in milliseconds: it would begin no sooner. */
export const LEAST_LEAD_MS = 250;

/** A prepared process that nobody has told to begin so long after its instant waits in vain, in milliseconds. */
export const PATIENCE_MS = 3_000;

/** A run that starts later than this after its occurrence would wait too long, in milliseconds. */
const MOST_OFFSET_MS = 1_000;

/** Whether a run of a job would start at its next occurrence, as far as can be told before. */
export function isWorthPreparing(
  { id, definition }: Pick<JobRecord, 'id' | 'definition'>,
  state: Pick<JobState, 'pausedAt'>,
  active: readonly ActiveRun[],
): boolean {
  if (!definition.enabled || state.pausedAt !== null) return false;
  if (startOffsetMs(id, definition, 1) > MOST_OFFSET_MS) return false;
  return active.length === 0 || definition.overlap === 'allow';
}

/** A run that has been prepared for an occurrence. */
export interface Preparation {
  runId: string;
  jobId: string;
  /** The occurrence, epoch milliseconds. */
  at: number;
  /** The host that it is going to scrape, if known. */
  host: string | null;
  /** When it is called off whatever the clock says, on the monotonic clock. */
  until: number;
}

/**
 * Whether a prepared run is still waited for: its occurrence comes up as before, or has become a run that waits in the queue.
 * @param planned when the job's next occurrence is now
 * @param status of its run, if there is one
 */
export function isAwaited(
  { at, until }: Preparation,
  planned: number | undefined,
  status: RunRecord['status'] | undefined,
  monotonic: number,
): boolean {
  return monotonic <= until && (planned === at || status === 'queued');
}
