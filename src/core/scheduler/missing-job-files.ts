import type { JobEntry, ValidJob } from '../model/job-record.ts';
import { insertRun } from '../runs/run-queue.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { latestOccurrences } from '../schedule/misfire.ts';
import type { Workspace } from '../workspace.ts';
import { buildScheduledRun } from './decide-occurrences.ts';
import { describeMissingFileReason } from './occurrence-reasons.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/**
 * Records since when job files have been missing although the database has their state: for example on a branch without
 * them, or when a folder is not mounted. As with a restored job, occurrences from that time are not caught up. The job
 * counts from the return of its file, and one row of its history records that.
 */
export class MissingJobFiles {
  readonly #workspace: Workspace;
  readonly #log: SchedulerLog;
  readonly #since = new Map<string, number>();

  constructor(workspace: Workspace, log: SchedulerLog) {
    this.#workspace = workspace;
    this.#log = log;
  }

  /** Loads the recorded jobs, and records which files are missing now: those of all jobs outside `presentIds`. */
  load(presentIds: readonly string[], now: number): void {
    const { db } = this.#workspace;
    this.#since.clear();
    const known = db.all<{ id: string; since: number }>('SELECT job_id AS id, since FROM missing_job_files');
    for (const { id, since } of known) this.#since.set(id, since);
    const gone = db.all<{ id: string }>(
      'SELECT job_id AS id FROM job_state WHERE job_id NOT IN (SELECT value FROM json_each(?))',
      [JSON.stringify(presentIds)],
    );
    this.#recordMissing(
      gone.map(({ id }) => id),
      now,
    );
  }

  /** Records that a job's file is missing. Ignores a deleted job, whose state is no longer in the database. */
  markMissing(jobId: string, now: number): void {
    if (this.#workspace.db.get('SELECT 1 AS there FROM job_state WHERE job_id = ?', [jobId]) !== undefined)
      this.#recordMissing([jobId], now);
  }

  /** Makes jobs whose files have returned count from now on; returns the entries with their new state. */
  markReturned(entries: readonly JobEntry[], now: number): readonly JobEntry[] {
    const returned = entries.filter(({ id }) => this.#since.has(id));
    if (returned.length === 0) return entries;
    const { db, jobs } = this.#workspace;
    db.transaction(() => {
      for (const entry of returned) {
        if (entry.kind === 'valid') this.#skipMissedOccurrences(entry, now);
        db.run('DELETE FROM missing_job_files WHERE job_id = ?', [entry.id]);
      }
    });
    for (const { id } of returned) this.#since.delete(id);
    return entries.map((entry) => (returned.includes(entry) ? (jobs.get(entry.id) ?? entry) : entry));
  }

  #recordMissing(jobIds: readonly string[], now: number): void {
    const { db } = this.#workspace;
    const newlyMissing = jobIds.filter((id) => !this.#since.has(id));
    if (newlyMissing.length === 0) return;
    db.transaction(() => {
      for (const id of newlyMissing)
        db.run('INSERT OR REPLACE INTO missing_job_files (job_id, since) VALUES (?, ?)', [
          id,
          Math.floor(now),
        ]);
    });
    for (const id of newlyMissing) this.#since.set(id, now);
  }

  #skipMissedOccurrences({ id, record, state }: ValidJob, now: number): void {
    const { db, configs } = this.#workspace;
    const { definition } = record;
    const since = this.#since.get(id) ?? now;
    const { occurrences, earlier } =
      definition.enabled && state.pausedAt === null
        ? latestOccurrences(JobSchedule.fromDict(definition.schedule), state.decidedUntil, now, 1)
        : { occurrences: [], earlier: undefined };
    const [last] = occurrences;
    if (last !== undefined) {
      const skipped = { first: earlier?.first ?? last, last, count: (earlier?.count ?? 0) + 1 };
      const reason = describeMissingFileReason(
        { ...skipped, atLeast: earlier?.atLeast ?? false },
        { since, until: now },
        definition.schedule.timezone,
      );
      const host = configs.hostOf(definition.config_name);
      insertRun(db, { ...buildScheduledRun(record, skipped.first, host), status: 'missed', reason }, now);
      this.#log('warn', `a row in the history of job ${id} ${reason}`);
    }
    db.run('UPDATE job_state SET watermark = max(watermark, ?) WHERE job_id = ?', [Math.floor(now), id]);
  }
}
