import type { QuickscrapeDatabase } from '../database/database.ts';
import { IS_ACTIVE } from '../database/schema.ts';
import { type Clock, MINUTE_MS } from '../lib/clock.ts';
import type { Workspace } from '../workspace.ts';
import type { UptimeRecorder } from './downtime.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Adjusts the database rows when the wall clock jumps. Active runs keep their time limits, and waiting runs do not wait
 * longer. The time that a machine slept is recorded as a downtime.
 */
export class ClockJumpHandler {
  readonly #workspace: Workspace;
  readonly #uptime: UptimeRecorder;
  readonly #log: SchedulerLog;
  readonly #jump: () => number;
  #pendingJump = 0;

  constructor(workspace: Workspace, uptime: UptimeRecorder, log: SchedulerLog) {
    this.#workspace = workspace;
    this.#uptime = uptime;
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
    if (!isClockPlausible(now - jump)) this.#uptime.recordStart(now);
    else if (jump > 0) this.#uptime.recordSleep(now - jump, now);
  }
}

/** Wall clock and monotonic clock may diverge by this much before it counts as a jump, in milliseconds. */
const TOLERANCE_MS = 2_000;

/** An earlier time is certainly wrong, because this program did not exist then. Epoch milliseconds. */
const MIN_PLAUSIBLE_TIME = Date.UTC(2024, 0, 1);

/** Whether the clock can be right. A machine without a clock battery starts in 1970. */
export function isClockPlausible(now: number): boolean {
  return now >= MIN_PLAUSIBLE_TIME;
}

/** Describes what an implausible clock means for the jobs. */
export function describeWrongClock(now: number): string {
  return `the clock shows ${new Date(now).toISOString()}, which cannot be right: no job runs until the clock is set`;
}

/**
 * Detects that the wall clock was set or that the machine slept: compares how far both clocks have advanced since the
 * last jump. Small steps add up until they exceed the tolerance. Slewing is not detected, because it moves both clocks.
 * @returns a function that returns the wall clock's jump since the last reported jump, in milliseconds; 0 without one
 */
function createClockJumpDetector(clock: Clock): () => number {
  let difference = clock.now() - clock.monotonic();
  return () => {
    const now = clock.now() - clock.monotonic();
    const jump = now - difference;
    if (Math.abs(jump) <= TOLERANCE_MS) return 0;
    difference = now;
    return Math.round(jump);
  };
}

/**
 * Adjusts active runs after the wall clock jumped. The deadlines of starting and running runs mean elapsed time, so
 * they move by the same amount. When the clock was set back, queued runs and waiting retries move back too, so that
 * they do not wait longer. When the clock went forward or the machine slept, waiting runs keep their instants: those
 * that became due may start.
 */
export function adjustDeadlines(db: QuickscrapeDatabase, byMs: number): void {
  db.transaction(() => {
    db.run(
      `UPDATE runs SET deadline = deadline + ?, start_deadline = start_deadline + ?
       WHERE ${IS_ACTIVE} AND status IN ('starting', 'running')`,
      [byMs, byMs],
    );
    if (byMs > 0) return;
    db.run(
      `UPDATE runs SET not_before = not_before + ? WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry')`,
      [byMs],
    );
  });
}

/** A run that was queued later than this from now was queued while the clock was wrong. */
const MAX_CLOCK_AHEAD_MS = MINUTE_MS;

/**
 * Makes runs due now that a clock which was ahead queued for a distant time, when no scheduler saw the jump. Without
 * this, they would block their jobs until then.
 * @returns how many runs were moved
 */
export function advanceFutureRuns(db: QuickscrapeDatabase, now: number): number {
  return db.run(
    `UPDATE runs SET not_before = ?
     WHERE ${IS_ACTIVE} AND status IN ('queued', 'waiting_retry') AND not_before > ?
       AND max(queued_at, coalesce((SELECT max(finished_at) FROM attempts WHERE run_id = runs.run_id), 0)) > ?`,
    [now, now, now + MAX_CLOCK_AHEAD_MS],
  ).changes;
}
