import { followJump } from '../run/follow-clock.ts';
import type { Workspace } from '../workspace.ts';
import { isClockSet, watchClock } from './clock-watch.ts';
import type { Presence } from './downtime.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Takes the rows along when the wall clock jumps: what is under way keeps its time limits, what waits does not wait
 * longer, and the time over which a machine slept becomes a downtime.
 */
export class ClockFollower {
  readonly #workspace: Workspace;
  readonly #presence: Presence;
  readonly #log: SchedulerLog;
  readonly #jump: () => number;
  #unfollowed = 0;

  constructor(workspace: Workspace, presence: Presence, log: SchedulerLog) {
    this.#workspace = workspace;
    this.#presence = presence;
    this.#log = log;
    this.#jump = watchClock(workspace.clock);
  }

  /** By how many milliseconds the clock has jumped that the rows have not followed yet. */
  look(): number {
    const jump = this.#jump();
    if (jump !== 0) {
      this.#unfollowed += jump;
      this.#log('warn', `the clock jumped by ${Math.round(jump / 1000)} s (set, or the machine slept)`);
    }
    return this.#unfollowed;
  }

  /** @throws QuickscrapeError `store_unavailable`; then the jump stays to be followed */
  follow(): void {
    const { db, clock } = this.#workspace;
    db.transaction(() => {
      followJump(db, this.#unfollowed);
      this.#note(clock.now(), this.#unfollowed);
    });
    this.#unfollowed = 0;
  }

  #note(now: number, jump: number): void {
    if (!isClockSet(now)) return;
    if (!isClockSet(now - jump)) this.#presence.begin(now);
    else if (jump > 0) this.#presence.slept(now - jump, now);
  }
}
