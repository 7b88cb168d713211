import type { ActiveRun } from '../../home/active-run.ts';
import { findJobRow } from '../../home/home-data.ts';
import type { State } from '../../kernel/model.ts';
import { formatClockTime, formatTimestamp } from '../../ui/time/format-date-time.ts';
import { newerLog, openLog } from './reducer.ts';

/** How far the run of the open log is: it has not begun, more may be written, or it is over. */
export type RunStage = 'queued' | 'live' | 'ended';

/** What is not known yet may be under way. */
export function runStage(state: State): RunStage {
  if (state.home === undefined) return 'live';
  const run = openRun(state);
  if (run === undefined) return 'ended';
  return isWaiting(run) ? 'queued' : 'live';
}

/** The run of the open log while it is not over. */
function openRun(state: State): ActiveRun | undefined {
  const open = openLog(state);
  return activeOf(state).find(({ runId }) => runId === open?.runId);
}

function activeOf(state: State): readonly ActiveRun[] {
  const open = openLog(state);
  return (open && findJobRow(state.home?.jobs ?? [], open.jobId)?.active) ?? [];
}

/** Its first attempt has not begun. */
function isWaiting({ status, startedAt }: ActiveRun): boolean {
  return status === 'queued' && startedAt === null;
}

/** A run that is looked at as it starts has nothing to wait for. */
const SOON_MS = 3_000;
const HOUR_MS = 3_600_000;

/** What the run of the open log waits for, while it is queued. */
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

/** What there is of newer runs of the job, where the newest one is to be shown; `null` for nothing. */
export function describeNewerRun(state: State): string | null {
  if (openLog(state)?.since === undefined) return null;
  if (newerLog(state) !== undefined) return 'a newer run has begun';
  const isNext = runStage(state) === 'ended' && activeOf(state).some(isWaiting);
  return isNext ? 'the next run is queued' : null;
}
