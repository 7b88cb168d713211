import type { ProcessIdentity } from '../process/identity.ts';
import type { Check } from './check.ts';
import type { CommandField } from './command-problems.ts';
import type { JobDefinition } from './definition.ts';
import type { RunDifferences } from './differences.ts';
import type { JobStatus } from './job-record.ts';

/** Why a run exists: its schedule's occurrence, a person's request, a missed occurrence, or an earlier run again. */
export const TRIGGERS = ['schedule', 'manual', 'catch_up', 'retry'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** What an interface shows. */
export const RUN_STATUSES = [
  'queued',
  'running',
  'waiting_retry',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'skipped',
  'missed',
  'abandoned',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** How a run or an attempt can end. `skipped` and `missed` runs never had an attempt. */
export type Outcome = Exclude<RunStatus, 'queued' | 'running' | 'waiting_retry'>;

/** What the database holds: `starting` is a process that was started and has not claimed its row yet. */
export type StoredStatus = RunStatus | 'starting';

/** States in which a run still wants something: it counts as its job's active run. */
export const ACTIVE_STATUSES = ['queued', 'starting', 'running', 'waiting_retry'] as const;

export interface RunError {
  /** A machine's word for the failure: `http`, `network`, `no_items`, `abandoned` … */
  kind: string;
  message: string;
}

/** The process that carries a run. */
export interface RunProcess extends ProcessIdentity {
  /** Which folder its home is (home-id.ts); left out where the version that claimed the run did not note it. */
  home?: string | undefined;
}

/** One run as the core holds it; instants in epoch milliseconds. */
export interface RunRecord {
  runId: string;
  jobId: string;
  configName: string;
  trigger: Trigger;
  retryOf: string | null;
  requestedBy: string;
  scheduledFor: number | null;
  timezone: string;
  status: StoredStatus;
  /** Why it was skipped, missed or caught up. */
  reason: string | null;
  attempt: number;
  maxAttempts: number;
  priority: number;
  /** What its job allowed for overlapping runs when it was queued. */
  overlap: string;
  /** The host (with port, if not the default) that it scrapes; `null` while that is not known. */
  host: string | null;
  queuedAt: number;
  /** Not started before this instant: when it was queued, or when its retry is due. */
  notBefore: number;
  startedAt: number | null;
  finishedAt: number | null;
  items: number;
  pages: number;
  bytes: number;
  totalPages: number | null;
  outputPath: string | null;
  outputFormat: string | null;
  error: RunError | null;
  /** What it was held against, and how that went. */
  checks: Check[];
  /** How its items differ from those of the last good run before it; `null` without one. */
  changes: RunDifferences | null;
  /** The token of the start that is under way or carries it. */
  startToken: string | null;
  startDeadline: number | null;
  /** Starts in a row that nobody claimed. */
  voidStarts: number;
  /** The process that carries it, when one has claimed it. */
  process: RunProcess | null;
  /** When the present attempt has used up its time. */
  deadline: number | null;
  cancelRequestedAt: number | null;
  cancelRequestedBy: string | null;
  /** Failed runs of its job in a row before it ended; `null` before that, and for runs of older versions. */
  failuresBefore: number | null;
  /**
   * Its callback: `due` while somebody still has to make it, then `running`, `done`, `lost` with its carrier, or
   * `cancelled`.
   */
  callback: string | null;
  /** The commands that its end may call, as its job had them when it was last started; `null` for runs of older versions. */
  callbacks: CallbackFields | null;
}

export interface AttemptRecord {
  attempt: number;
  status: 'running' | Outcome;
  pid: number | null;
  startedAt: number;
  finishedAt: number | null;
  items: number;
  pages: number;
  bytes: number;
  error: RunError | null;
}

/** How an attempt ended, as the run process (or who found it dead) says it. */
export interface AttemptResult {
  outcome: Exclude<Outcome, 'skipped' | 'missed'>;
  error: RunError | null;
  outputPath?: string | null;
  outputFormat?: string | null;
  checks?: Check[];
  changes?: RunDifferences | null;
  /** Another attempt would only find the same: none is made, whatever attempts are left. */
  isFinal?: boolean;
  /** What is said of a cancelled run beside who cancelled it. */
  note?: string | undefined;
}

export function isActive(status: StoredStatus): boolean {
  return (ACTIVE_STATUSES as readonly string[]).includes(status);
}

/** Whether a run uses a slot: a process carries it, or was started to. */
export function isRunning({ status }: Pick<RunRecord, 'status'>): boolean {
  return status === 'starting' || status === 'running';
}

export function toRunStatus(status: StoredStatus): RunStatus {
  return status === 'starting' ? 'queued' : status;
}

/**
 * Where a run goes when an attempt ends. A cancelled or succeeded run is over; any other failure waits for a retry
 * while attempts are left.
 */
export function statusAfterAttempt(
  run: Pick<RunRecord, 'attempt' | 'maxAttempts' | 'cancelRequestedAt'>,
  outcome: AttemptResult['outcome'],
): RunStatus {
  if (outcome === 'succeeded') return 'succeeded';
  if (outcome === 'cancelled' || run.cancelRequestedAt !== null) return 'cancelled';
  return run.attempt < run.maxAttempts ? 'waiting_retry' : outcome;
}

/** The job's status that a run's status stands for; a skipped or missed occurrence changes nothing (docs/contributing/adr/0004). */
export function toJobStatus(status: StoredStatus): JobStatus | undefined {
  switch (status) {
    case 'queued':
    case 'starting':
      return 'pending';
    case 'running':
    case 'waiting_retry':
      return 'running';
    case 'succeeded':
      return 'completed';
    case 'failed':
    case 'timed_out':
    case 'abandoned':
    case 'cancelled':
      return 'failed';
    case 'skipped':
    case 'missed':
      return undefined;
    default:
      return status satisfies never;
  }
}

/** What of a job's definition says which commands the end of its runs calls. */
export type CallbackFields = Pick<JobDefinition, CommandField | 'on_failure_mode'>;
