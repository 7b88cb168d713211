import type { SchedulerView } from '../home/home-data.ts';

/** The scheduler in a few words, for the header: `scheduler running, pid 4711`. */
export function describeScheduler({ state, pid, held }: SchedulerView): string {
  if (state === 'off') return 'scheduler off';
  if (held !== null && state === 'running') return `scheduler held, pid ${pid}`;
  return `scheduler ${state}, pid ${pid}`;
}
