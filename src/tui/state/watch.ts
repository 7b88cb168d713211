import type { TimelineWish } from '../timeline/wish.ts';

/**
 * Something that is to be looked after for as long as the state asks for it, as plain data: equal ones are one. What is
 * noticed comes as events. `src/tui/live/keep-watches.ts` has one function a kind.
 */
export type Watch =
  /** A `tick` once a second. */
  | { kind: 'clock' }
  /** `home` events: all jobs, and what happens to them. */
  | { kind: 'home' }
  /** `log` events: the log of a run, as it grows. */
  | { kind: 'log'; jobId: string; runId: string }
  /** `timeline` events: what ran and what comes in a period. */
  | { kind: 'timeline'; wish: TimelineWish };

export type WatchOf<K extends Watch['kind']> = Extract<Watch, { kind: K }>;
