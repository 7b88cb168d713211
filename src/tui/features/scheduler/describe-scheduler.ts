import { pluralize } from '../../../core/lib/pluralize.ts';
import type { HomeData, SchedulerView } from '../../home/home-data.ts';

/** The state of the scheduler for the header: `scheduler running, pid 4711`. */
export function describeScheduler({ state, pid, held }: SchedulerView): string {
  if (state === 'off') return 'scheduler off';
  if (held !== null && state === 'running') return `scheduler held, pid ${pid}`;
  return `scheduler ${state}, pid ${pid}`;
}

/**
 * Explains in one line why no run is active, or why queued runs do not start; `undefined` when there is nothing to
 * explain.
 * @param clock formats an instant for display
 */
export function explainIdleScheduler(
  { jobs, scheduler }: Pick<HomeData, 'jobs' | 'scheduler'>,
  clock: (instant: number) => string,
): string | undefined {
  const { state, slots, slotsUsed, queued, held } = scheduler;
  if (state === 'off') return 'The scheduler is off: nothing starts by its schedule. D, then s, starts it.';
  if (state === 'stopping') {
    const left = slotsUsed === 0 ? '' : `; it waits for ${pluralize(slotsUsed, 'run')}`;
    return `The scheduler is stopping and starts nothing more${left}.`;
  }
  if (held !== null) return `Nothing starts: ${held}.`;
  if (slotsUsed >= slots && queued > 0)
    return `All ${pluralize(slots, 'slot')} are taken; ${pluralize(queued, 'run')} queued.`;
  if (slotsUsed > 0) return undefined;
  if (queued > 0) return `${pluralize(queued, 'run')} queued; the log of each says what it waits for.`;
  return explainNothingDue(jobs, clock);
}

function explainNothingDue(jobs: HomeData['jobs'], clock: (instant: number) => string): string {
  if (jobs.length === 0) return 'There are no jobs yet.';
  const enabled = jobs.filter(({ enabled }) => enabled);
  if (enabled.length === 0) return 'No job is enabled.';
  if (enabled.every(({ pausedAt }) => pausedAt !== null))
    return 'All enabled jobs are paused; p resumes one.';
  const next = enabled.reduce<(typeof jobs)[number] | undefined>(
    (soonest, job) =>
      job.nextRun !== null && (soonest?.nextRun == null || job.nextRun < soonest.nextRun) ? job : soonest,
    undefined,
  );
  if (next === undefined || next.nextRun === null) return 'No enabled job has a run to come.';
  return `Nothing is due before ${clock(next.nextRun)} (${next.id}).`;
}
