import type { JobEntry } from '../model/job-record.ts';
import { JobSchedule } from '../schedule/job-schedule.ts';
import { hasLateStart } from '../schedule/start-delay.ts';
import type { Workspace } from '../workspace.ts';
import { describeWrongClock, isClockPlausible } from './clock-jump.ts';
import { type DueJob, decideOccurrences } from './decide-occurrences.ts';
import { DecidedUntil } from './decided-until.ts';
import { MissingJobFiles } from './missing-job-files.ts';
import {
  NEVER_PEEKED,
  OccurrenceQueue,
  type PeekRange,
  type PeekResult,
  type PlannedOccurrence,
} from './occurrence-queue.ts';
import type { SchedulerLog } from './scheduler-log.ts';

/** Number of jobs whose due occurrences are decided in one transaction. */
const BATCH_SIZE = 200;

/** Plans when each job is due, from the job files and from what is decided. */
export class SchedulePlan {
  readonly #workspace: Workspace;
  readonly #log: SchedulerLog;
  readonly #queue = new OccurrenceQueue();
  readonly #decidedUntil: DecidedUntil;
  readonly #missingFiles: MissingJobFiles;

  constructor(workspace: Workspace, log: SchedulerLog) {
    this.#workspace = workspace;
    this.#log = log;
    this.#decidedUntil = new DecidedUntil(workspace, log);
    this.#missingFiles = new MissingJobFiles(workspace, log);
  }

  /** Plans every job again, from its file. */
  load(): void {
    const now = this.#workspace.clock.now();
    if (!isClockPlausible(now)) {
      this.#queue.clear();
      this.#log('warn', describeWrongClock(now));
      return;
    }
    this.#decidedUntil.load();
    this.#missingFiles.load(this.#workspace.jobs.ids(), now);
    const removedIds = new Set(this.#queue.jobIds());
    try {
      // In batches, because a heap that grew to hold all jobs at once would not shrink again.
      for (const found of this.#workspace.jobs.batches()) {
        const entries = this.#missingFiles.markReturned(found, now);
        const decided = this.#decidedUntil.correct(entries, now);
        for (const entry of entries) {
          removedIds.delete(entry.id);
          this.#enqueue(entry, decided.get(entry.id) ?? now);
        }
      }
    } finally {
      this.#decidedUntil.logDecidedAhead();
    }
    for (const jobId of removedIds) this.#queue.set(jobId, undefined);
  }

  /**
   * Whether a clock jump requires replanning. A machine that slept does not need it: a job's next undecided
   * occurrence is unchanged, and computing it for thousands of jobs is expensive.
   */
  needsReplanning(jump: number, now: number): boolean {
    return (
      jump < 0 || !isClockPlausible(now) || !isClockPlausible(now - jump) || this.#decidedUntil.hasSetBack
    );
  }

  /** Plans one job again; removes it when its file is missing, disabled or invalid. */
  plan(jobId: string, now: number): void {
    if (!isClockPlausible(now)) return;
    const found = this.#workspace.jobs.get(jobId);
    const [entry] = found ? this.#missingFiles.markReturned([found], now) : [];
    if (!entry) {
      this.#queue.set(jobId, undefined);
      this.#missingFiles.markMissing(jobId, now);
      return;
    }
    const until = this.#decidedUntil.correct([entry], now).get(jobId);
    this.#decidedUntil.logDecidedAhead();
    this.#enqueue(entry, until ?? now);
  }

  next(): number | undefined {
    return this.#queue.next();
  }

  /**
   * Like {@link OccurrenceQueue.peek}, ordered by priority; excludes jobs whose runs start much later than they are
   * due.
   */
  peek(range: PeekRange): PeekResult {
    return this.#queue.peek(range);
  }

  /**
   * Decides all due occurrences, in batches of jobs so that no other process waits long for the database.
   * @returns the decided jobs, and the runs to cancel
   * @throws any database error; the undecided jobs are due again at the next call
   */
  decideOccurrences(now: number): { jobs: string[]; cancel: string[] } {
    const due = this.#queue.takeDue(now);
    const decided: string[] = [];
    const cancel: string[] = [];
    try {
      while (decided.length < due.length) {
        const batch = due.slice(decided.length, decided.length + BATCH_SIZE);
        cancel.push(...this.#workspace.db.transaction(() => this.#decideBatch(batch, now)));
        decided.push(...batch.map(({ jobId }) => jobId));
      }
    } finally {
      for (const { jobId, at } of due.slice(decided.length)) this.#queue.set(jobId, at);
    }
    return { jobs: decided, cancel };
  }

  #decideBatch(due: readonly PlannedOccurrence[], now: number): string[] {
    const entries = this.#workspace.jobs.getMany(due.map(({ jobId }) => jobId));
    const dueJobs = due.flatMap(({ jobId, at }): DueJob[] => {
      const entry = entries.get(jobId);
      if (entry?.kind !== 'valid' || !entry.record.definition.enabled) return [];
      return [{ record: entry.record, state: entry.state, at }];
    });
    const { notes, cancel } = decideOccurrences(this.#workspace, dueJobs, now);
    for (const note of notes) this.#log('warn', note);
    return cancel;
  }

  #enqueue(entry: JobEntry, after: number): void {
    if (entry.kind !== 'valid') {
      this.#queue.set(entry.id, undefined);
      this.#log('warn', `job ${entry.id} is not scheduled: ${entry.reason}`);
      return;
    }
    const { definition } = entry.record;
    const next = definition.enabled
      ? JobSchedule.fromDict(definition.schedule).getNextRunTime(new Date(after))
      : null;
    const rank = hasLateStart(entry.id, definition) ? NEVER_PEEKED : definition.priority;
    this.#queue.set(entry.id, next?.getTime(), rank);
  }
}
