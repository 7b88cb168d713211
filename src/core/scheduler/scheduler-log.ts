import type { Clock } from '../lib/clock.ts';

/** Receives the scheduler's messages for people, one line each. */
export type SchedulerLog = (level: 'info' | 'warn' | 'error', message: string) => void;

/** Minimum time before the same error is logged again, in milliseconds. */
const REPEAT_INTERVAL_MS = 60_000;

/**
 * Wraps a log so that the same error appears at most once a minute, with the number of suppressed repetitions. Needed
 * because a full disk or a locked database fails every tick.
 */
export function suppressRepeatedErrors(log: SchedulerLog, clock: Pick<Clock, 'monotonic'>): SchedulerLog {
  const logged = new Map<string, { at: number; suppressed: number }>();
  return (level, message) => {
    if (level !== 'error') {
      log(level, message);
      return;
    }
    const now = clock.monotonic();
    const before = logged.get(message);
    if (before && now - before.at < REPEAT_INTERVAL_MS) {
      before.suppressed += 1;
      return;
    }
    for (const [old, { at }] of logged) if (now - at >= REPEAT_INTERVAL_MS) logged.delete(old);
    logged.set(message, { at: now, suppressed: 0 });
    const times =
      before && before.suppressed > 0 ? ` (and ${before.suppressed} times more since it was last said)` : '';
    log(level, `${message}${times}`);
  };
}
