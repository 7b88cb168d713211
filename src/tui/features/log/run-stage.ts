import type { ActiveRun } from '../../home/active-run.ts';
import { findJobRow } from '../../home/home-data.ts';
import type { State } from '../../kernel/model.ts';
import { formatClockTime, formatTimestamp } from '../../ui/time/format-date-time.ts';
import { newerLog, openLog } from './reducer.ts';

/** The stage of the open log's run: not started, possibly still writing, or finished. */
export type RunStage = 'queued' | 'live' | 'ended';

/** The stage of the run. An unknown run may be active, so it counts as `live`. */
export function runStage(state: State): RunStage {
  if (state.home === undefined) return 'live';
  const run = openRun(state);
  if (run === undefined) return 'ended';
  return isWaiting(run) ? 'queued' : 'live';
}

/** The run of the open log while it is not finished. */
function openRun(state: State): ActiveRun | undefined {
  const open = openLog(state);
  return activeOf(state).find(({ runId }) => runId === open?.runId);
}

function activeOf(state: State): readonly ActiveRun[] {
  const open = openLog(state);
  return (open && findJobRow(state.home?.jobs ?? [], open.jobId)?.active) ?? [];
}

/** Whether its first attempt has not started. */
function isWaiting({ status, startedAt }: ActiveRun): boolean {
  return status === 'queued' && startedAt === null;
}

/** A run that starts within this time (ms) needs no explanation of what it waits for. */
const SOON_MS = 3_000;
const HOUR_MS = 3_600_000;

/** What a queued run of the open log waits for. */
export function describeWait(state: State): string {
  const run = openRun(state);
  if (run === undefined || state.home === undefined) return '';
  const { scheduler } = state.home;
  if (run.notBefore > state.now + SOON_MS) {
    const words = run.notBefore - state.now < HOUR_MS ? formatTimestamp : formatClockTime;
    return `queued, waiting until ${words(run.notBefore, state.now, state.timezone)}`;
  }
  if (activeOf(state).some((other) => !isWaiting(other))) return 'queued, waiting for the run before it';
  if (scheduler.slotsUsed >= scheduler.slots) return 'queued, waiting for a free slot';
  if (scheduler.held !== null) return `queued, waiting: ${scheduler.held}`;
  if (scheduler.state !== 'running' && state.now - run.queuedAt > SOON_MS)
    return `queued, waiting for the scheduler, which is ${scheduler.state}`;
  const { jobId, runs = [] } = state.runs;
  const listed = jobId === run.jobId ? runs.find(({ run_id }) => run_id === run.runId) : undefined;
  return listed?.waits_for ? `queued: ${listed.waits_for}` : 'queued, waiting for its process to begin';
}

/** A message about newer runs of the job, when the log is shown as the newest run; `null` when there is none. */
export function describeNewerRun(state: State): string | null {
  if (openLog(state)?.since === undefined) return null;
  if (newerLog(state) !== undefined) return 'a newer run has begun';
  const isNext = runStage(state) === 'ended' && activeOf(state).some(isWaiting);
  return isNext ? 'the next run is queued' : null;
}
