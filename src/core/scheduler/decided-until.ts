import { DAY_MS, MINUTE_MS } from '../lib/clock.ts';
import type { JobEntry, ValidJob } from '../model/job-record.ts';
import type { Workspace } from '../workspace.ts';
import { isClockPlausible } from './clock-jump.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Occurrences that are decided further ahead than this mean that the clock was wrong then, or is wrong now; in
 * milliseconds.
 */
const WRONG_CLOCK_MS = DAY_MS;

/** Occurrences that are decided this far ahead show that the clock went back, in milliseconds. */
const AHEAD_MS = MINUTE_MS;

/**
 * Determines from where each job's occurrences are counted: until when they are decided (the column `watermark`). An
 * instant slightly ahead of the clock holds its job until then, so that no decision is repeated. One far ahead would
 * hold the job for too long, so the job counts from now. The program cannot determine whether the clock was wrong then
 * or is wrong now. It therefore saves the old instant, which applies again once the clock has passed it.
 */
export class DecidedUntil {
  readonly #workspace: Workspace;
  readonly #log: SchedulerLog;
  readonly #saved = new Map<string, number>();
  /** Instants ahead of the clock that were not logged yet: those too far ahead, and those that hold their job. */
  readonly #ahead: { far: number[]; held: number[] } = { far: [], held: [] };

  constructor(workspace: Workspace, log: SchedulerLog) {
    this.#workspace = workspace;
    this.#log = log;
  }

  /** Reads the saved instants again, because the database may have been replaced. */
  load(): void {
    this.#saved.clear();
    const sql = 'SELECT job_id AS id, watermark FROM set_back_watermarks';
    for (const { id, watermark } of this.#workspace.db.all<{ id: string; watermark: number }>(sql))
      this.#saved.set(id, watermark);
  }

  /** Whether some instants are set back, because the clock showed an earlier time than they do. */
  get hasSetBack(): boolean {
    return this.#saved.size > 0;
  }

  /** Returns by job id until when occurrences are decided; implausible instants are corrected. */
  correct(entries: readonly JobEntry[], now: number): Map<string, number> {
    const decided = new Map<string, number>();
    const wrong: ValidJob[] = [];
    for (const entry of entries) {
      if (entry.kind !== 'valid') continue;
      const { decidedUntil } = entry.state;
      const until = this.#correctedInstant(entry, now);
      decided.set(entry.id, until);
      if (until !== decidedUntil) wrong.push(entry);
      else if (until > now + AHEAD_MS) this.#ahead.held.push(until);
    }
    if (wrong.length > 0) this.#write(wrong, decided, now);
    return decided;
  }

  /** Logs how many of the instants returned since the last call are ahead of the clock. */
  logDecidedAhead(): void {
    const { far, held } = this.#ahead;
    if (far.length > 0)
      this.#log(
        'warn',
        `${far.length} jobs have occurrences that were decided far ahead (until ${formatLatest(far)}): the clock was wrong then, or is wrong now; occurrences count from now on`,
      );
    if (held.length > 0)
      this.#log(
        'warn',
        `${held.length} jobs have occurrences that were decided while the clock was ahead; they are not repeated: the next ones come after ${formatLatest(held)}`,
      );
    far.length = 0;
    held.length = 0;
  }

  #correctedInstant({ id, state: { decidedUntil } }: ValidJob, now: number): number {
    const old = this.#saved.get(id) ?? Number.POSITIVE_INFINITY;
    if (old <= now) return Math.max(decidedUntil, old);
    return isClockPlausible(decidedUntil) && decidedUntil <= now + WRONG_CLOCK_MS ? decidedUntil : now;
  }

  #write(wrong: readonly ValidJob[], decided: ReadonlyMap<string, number>, now: number): void {
    const { db } = this.#workspace;
    const far = wrong.filter(({ state }) => state.decidedUntil > now);
    db.transaction(() => {
      for (const { id } of wrong) {
        db.run('UPDATE job_state SET watermark = ? WHERE job_id = ?', [decided.get(id) ?? now, id]);
        db.run('DELETE FROM set_back_watermarks WHERE job_id = ?', [id]);
      }
      for (const { id, state } of far)
        db.run('INSERT INTO set_back_watermarks (job_id, watermark) VALUES (?, ?)', [id, state.decidedUntil]);
    });
    for (const { id } of wrong) this.#saved.delete(id);
    for (const { id, state } of far) {
      this.#saved.set(id, state.decidedUntil);
      this.#ahead.far.push(state.decidedUntil);
    }
  }
}

function formatLatest(instants: readonly number[]): string {
  return new Date(instants.reduce((a, b) => Math.max(a, b))).toISOString();
}
