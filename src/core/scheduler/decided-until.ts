import type { JobEntry, ValidJob } from '../model/job-record.ts';
import type { Workspace } from '../workspace.ts';
import { isClockPlausible } from './clock-jump.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * A watermark further ahead than this means that the clock was wrong when it was written, or is wrong now, in
 * milliseconds.
 */
const WRONG_CLOCK_MS = 24 * 3600 * 1000;

/** A watermark this far ahead shows that the clock went back, in milliseconds. */
const AHEAD_MS = 60_000;

/**
 * Determines from where each job's occurrences are counted. A watermark slightly ahead of the clock holds its job until
 * then, so that no decision is repeated. One far ahead would hold the job for too long, so the job counts from now. The
 * program cannot determine whether the clock was wrong then or is wrong now. It therefore saves the old watermark,
 * which applies again once the clock has passed it.
 */
export class Watermarks {
  readonly #workspace: Workspace;
  readonly #log: SchedulerLog;
  readonly #saved = new Map<string, number>();
  /** Watermarks ahead of the clock that were not logged yet: those too far ahead, and those that hold their job. */
  readonly #ahead: { far: number[]; held: number[] } = { far: [], held: [] };

  constructor(workspace: Workspace, log: SchedulerLog) {
    this.#workspace = workspace;
    this.#log = log;
  }

  /** Reads the saved watermarks again, because the database may have been replaced. */
  load(): void {
    this.#saved.clear();
    const sql = 'SELECT job_id AS id, watermark FROM set_back_watermarks';
    for (const { id, watermark } of this.#workspace.db.all<{ id: string; watermark: number }>(sql))
      this.#saved.set(id, watermark);
  }

  /** Whether some watermarks are set back, because the clock showed an earlier time than they do. */
  get hasSetBack(): boolean {
    return this.#saved.size > 0;
  }

  /** Returns the watermarks of some jobs by id, after it has corrected implausible ones. */
  correct(entries: readonly JobEntry[], now: number): Map<string, number> {
    const marks = new Map<string, number>();
    const wrong: ValidJob[] = [];
    for (const entry of entries) {
      if (entry.kind !== 'valid') continue;
      const { watermark } = entry.state;
      const mark = this.#correctedWatermark(entry, now);
      marks.set(entry.id, mark);
      if (mark !== watermark) wrong.push(entry);
      else if (mark > now + AHEAD_MS) this.#ahead.held.push(mark);
    }
    if (wrong.length > 0) this.#write(wrong, marks, now);
    return marks;
  }

  /** Logs how many watermarks corrected since the last call are ahead of the clock. */
  logWatermarksAhead(): void {
    const { far, held } = this.#ahead;
    if (far.length > 0)
      this.#log(
        'warn',
        `${far.length} jobs have occurrences decided far ahead (until ${formatLatest(far)}): the clock was wrong then, or is wrong now; counted from now on`,
      );
    if (held.length > 0)
      this.#log(
        'warn',
        `${held.length} jobs have occurrences decided by a clock that was ahead; they are not repeated: next ones after ${formatLatest(held)}`,
      );
    far.length = 0;
    held.length = 0;
  }

  #correctedWatermark({ id, state: { watermark } }: ValidJob, now: number): number {
    const old = this.#saved.get(id) ?? Number.POSITIVE_INFINITY;
    if (old <= now) return Math.max(watermark, old);
    return isClockPlausible(watermark) && watermark <= now + WRONG_CLOCK_MS ? watermark : now;
  }

  #write(wrong: readonly ValidJob[], marks: ReadonlyMap<string, number>, now: number): void {
    const { db } = this.#workspace;
    const far = wrong.filter(({ state }) => state.watermark > now);
    db.transaction(() => {
      for (const { id } of wrong) {
        db.run('UPDATE job_state SET watermark = ? WHERE job_id = ?', [marks.get(id) ?? now, id]);
        db.run('DELETE FROM set_back_watermarks WHERE job_id = ?', [id]);
      }
      for (const { id, state } of far)
        db.run('INSERT INTO set_back_watermarks (job_id, watermark) VALUES (?, ?)', [id, state.watermark]);
    });
    for (const { id } of wrong) this.#saved.delete(id);
    for (const { id, state } of far) {
      this.#saved.set(id, state.watermark);
      this.#ahead.far.push(state.watermark);
    }
  }
}

function formatLatest(instants: readonly number[]): string {
  return new Date(instants.reduce((a, b) => Math.max(a, b))).toISOString();
}
