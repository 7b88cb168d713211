import { adjustDeadlines } from '../runs/adjust-deadlines.ts';
import type { Workspace } from '../workspace.ts';
import { createClockJumpDetector, isClockPlausible } from './clock-jump-detector.ts';
import type { UptimeRecorder } from './downtime.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Adjusts the database rows when the wall clock jumps. Active runs keep their time limits, and waiting runs do not wait
 * longer. The time that a machine slept is recorded as a downtime.
 */
export class ClockJumpHandler {
  readonly #workspace: Workspace;
  readonly #presence: UptimeRecorder;
  readonly #log: SchedulerLog;
  readonly #jump: () => number;
  #pendingJump = 0;

  constructor(workspace: Workspace, presence: UptimeRecorder, log: SchedulerLog) {
    this.#workspace = workspace;
    this.#presence = presence;
    this.#log = log;
    this.#jump = createClockJumpDetector(workspace.clock);
  }

  /** Returns the clock jump that has not been applied to the rows yet, in milliseconds. */
  detect(): number {
    const jump = this.#jump();
    if (jump !== 0) {
      this.#pendingJump += jump;
      this.#log('warn', `the clock jumped by ${Math.round(jump / 1000)} s (set, or the machine slept)`);
    }
    return this.#pendingJump;
  }

  /**
   * Applies the detected jump to the rows.
   * @throws QuickscrapeError `store_unavailable`; the jump then stays pending
   */
  apply(): void {
    const { db, clock } = this.#workspace;
    db.transaction(() => {
      adjustDeadlines(db, this.#pendingJump);
      this.#recordJump(clock.now(), this.#pendingJump);
    });
    this.#pendingJump = 0;
  }

  #recordJump(now: number, jump: number): void {
    if (!isClockPlausible(now)) return;
    if (!isClockPlausible(now - jump)) this.#presence.recordStart(now);
    else if (jump > 0) this.#presence.recordSleep(now - jump, now);
  }
}
