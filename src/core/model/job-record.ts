import type { Actor, JobDefinition } from './definition.ts';

/** The version of the job file that this program writes. A file of a newer version is shown, but not changed. */
export const SCHEMA_VERSION = 1;

/** The four statuses of a job. */
export const JOB_STATUSES = ['pending', 'running', 'completed', 'failed'] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

export function isJobStatus(value: unknown): value is JobStatus {
  return (JOB_STATUSES as readonly unknown[]).includes(value);
}

/** A job: the content of its file, with its bookkeeping. Instants are epoch milliseconds. */
export interface JobRecord {
  id: string;
  definition: JobDefinition;
  schemaVersion: number;
  /** Starts at 1 and rises with every change of the definition, including manual edits of the file. */
  revision: number;
  createdAt: number;
  updatedAt: number;
  createdBy: Actor;
  updatedBy: Actor;
  /** Fields of the file that this version does not support. They are preserved on write. */
  extra: Readonly<Record<string, unknown>>;
  file: string;
}

/** A job's state in the database; instants are epoch milliseconds. */
export interface JobState {
  readonly status: JobStatus;
  readonly lastRun: number | null;
  readonly lastRunId: string | null;
  /**
   * The next occurrence after now and after `decidedUntil`; `null` when the job is disabled or paused, or there is none.
   */
  readonly nextRun: number | null;
  /** The newest decided occurrence, or the instant of the last change of the schedule. */
  readonly decidedUntil: number;
  /** Failed runs in a row. */
  readonly failures: number;
  /** Since when the job is paused after too many failures in a row (`pause_after_failures`); else `null`. */
  readonly pausedAt: number | null;
  /** Set when a command at the end of a run failed (epoch ms), until a later one succeeds. */
  readonly callbackFailure: { readonly at: number; readonly message: string } | null;
}

export interface ValidJob {
  kind: 'valid';
  id: string;
  record: JobRecord;
  state: JobState;
  /** Set while the database does not have this definition yet, because the file was edited by hand. */
  unnoticed?: UnnoticedEdit;
}

/** A definition in a file that this program did not write. */
export interface UnnoticedEdit {
  /** The definition's hash in the database; `undefined` for a job that is not in the database. */
  knownHash: string | undefined;
  definitionHash: string;
  scheduleHash: string;
  /**
   * Whether the schedule or `enabled` has changed, or the edit resumes a paused job. Earlier occurrences then do not
   * count as missed.
   */
  rescheduled: boolean;
}

/** A file that cannot be parsed. It is shown with the reason, and never written, moved or deleted. */
export interface InvalidJob {
  kind: 'invalid';
  id: string;
  file: string;
  line?: number;
  column?: number;
  reason: string;
}

/** A file of a newer version: shown, not scheduled, never written. */
export interface NewerJob {
  kind: 'newer';
  id: string;
  file: string;
  schemaVersion: number;
  reason: string;
}

export type JobEntry = ValidJob | InvalidJob | NewerJob;

/** The maximum size of a job file. */
export const MAX_JOB_FILE_BYTES = 256 * 1024;
