import type { Clock } from '../clock.ts';

/** Where a scheduler says what it does: one line a message, for people. */
export type SchedulerLog = (level: 'info' | 'warn' | 'error', message: string) => void;

/** How soon the same error is said again, in milliseconds. */
const SAME_AGAIN_MS = 60_000;

/**
 * A log that says the same error at most once a minute, then with how often it has come meanwhile: a full disk or a
 * locked database fails every tick.
 */
export function withoutRepeats(log: SchedulerLog, clock: Pick<Clock, 'monotonic'>): SchedulerLog {
  const said = new Map<string, { at: number; unsaid: number }>();
  return (level, message) => {
    if (level !== 'error') {
      log(level, message);
      return;
    }
    const now = clock.monotonic();
    const before = said.get(message);
    if (before && now - before.at < SAME_AGAIN_MS) {
      before.unsaid += 1;
      return;
    }
    for (const [old, { at }] of said) if (now - at >= SAME_AGAIN_MS) said.delete(old);
    said.set(message, { at: now, unsaid: 0 });
    const times =
      before && before.unsaid > 0 ? ` (and ${before.unsaid} times more since it was last said)` : '';
    log(level, `${message}${times}`);
  };
}
