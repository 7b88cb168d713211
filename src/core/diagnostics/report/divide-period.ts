import { DAY_MS, HOUR_MS } from '../../lib/clock.ts';
import type { SteppedPeriod } from '../../runs/period-figures.ts';

/** A curve with more points than this is not readable in a table. */
const MAX_STEPS = 31;
/** Lengths of steps that people count in, hours. */
const STEP_HOURS = [1, 2, 3, 6, 12, 24, 48, 72, 168, 360];

/** Divides the last days before an instant into at most 31 steps of equal length; the last one may be incomplete. */
export function dividePeriod(until: number, days: number): SteppedPeriod {
  const hours = STEP_HOURS.find((length) => Math.ceil((days * 24) / length) <= MAX_STEPS) ?? days;
  return {
    from: until - days * DAY_MS,
    until,
    step: hours * HOUR_MS,
    steps: Math.ceil((days * 24) / hours),
  };
}
