import type { ProcessIdentity } from '../process/identity.ts';
import type { Check } from './check.ts';
import type { CallbackFields } from './definition.ts';
import type { RunDifferences } from './differences.ts';
import type { JobStatus } from './job-record.ts';
import type { ParamValues } from './params.ts';

/** Why a run exists: a scheduled occurrence, a person's request, a missed occurrence, or a retry of an earlier run. */
export const TRIGGERS = ['schedule', 'manual', 'catch_up', 'retry'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** The statuses that interfaces show. */
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

/** The outcomes of a run or an attempt. `skipped` and `missed` runs never had an attempt. */
export type Outcome = Exclude<RunStatus, 'queued' | 'running' | 'waiting_retry'>;

/** The status in the database. `starting` means that a process was started and has not claimed its row yet. */
export type StoredStatus = RunStatus | 'starting';

/** The statuses of an unfinished run; such a run is its job's active run. */
export const ACTIVE_STATUSES = ['queued', 'starting', 'running', 'waiting_retry'] as const;

export interface RunError {
  /** A machine-readable kind of failure: `http`, `network`, `no_items`, `abandoned` … */
  kind: string;
  message: string;
}

/** The process that executes a run. */
export interface RunProcess extends ProcessIdentity {
  /** The folder of its home (home-folder.ts); absent if the version that claimed the run did not record it. */
  home?: string | undefined;
}

/** One run in the core; instants in epoch milliseconds. */
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
  /** The job's overlap policy when the run was queued. */
  overlap: string;
  /** The host that it scrapes, with a port other than the default; `null` while unknown. */
  host: string | null;
  /** The tags that its worker must have, sorted and joined by commas; '' for any worker. */
  pool: string;
  queuedAt: number;
  /** The earliest start: when it was queued, or when its retry is due. */
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
  /** The checks of the run and their results. */
  checks: Check[];
  /** The differences to the items of the last good run before it; `null` without one. */
  changes: RunDifferences | null;
  /** The token of the current start, or of the process that executes the run. */
  startToken: string | null;
  /** Until when the start may be claimed; of one that was handed over to other machines: since when it may be. */
  startDeadline: number | null;
  /** The number of consecutive starts that no process claimed. */
  voidStarts: number;
  /** The process on this machine that executes the run, or finishes it, after it has claimed the run. */
  process: RunProcess | null;
  /**
   * `null` for a run of this machine. Else the worker on another machine that executes the run, or has executed it; ''
   * while its start was handed over and no worker has claimed it.
   */
  worker: string | null;
  /** When the current attempt times out. */
  deadline: number | null;
  cancelRequestedAt: number | null;
  cancelRequestedBy: string | null;
  /**
   * How many runs of its job had failed in a row before it ended; `null` before that, and for runs of older versions.
   */
  failuresBefore: number | null;
  /**
   * The state of its callback: `due` while it still has to be executed, then `running`, `done` or `cancelled`. It is
   * `lost` if the process died while the command ran.
   */
  callback: string | null;
  /**
   * The commands that may be called at its end, as the job defined them when it last started; `null` for runs of older
   * versions.
   */
  callbacks: CallbackFields | null;
  /** Values of parameters for this run only; `null`: those of the job. */
  givenParams: ParamValues | null;
  /** The values of all parameters, once an attempt has started; `null` where its configuration declares none. */
  params: ParamValues | null;
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
  /** The worker on another machine that executed it; `null` for this machine. */
  worker: string | null;
}

/** How an attempt ended, as reported by the worker or by the process that found it dead. */
export interface AttemptResult {
  outcome: Exclude<Outcome, 'skipped' | 'missed'>;
  error: RunError | null;
  outputPath?: string | null;
  outputFormat?: string | null;
  checks?: Check[];
  changes?: RunDifferences | null;
  /** Another attempt would fail in the same way. No retry follows, even if attempts are left. */
  isFinal?: boolean;
  /** Added to the message of a cancelled run, beside who cancelled it. */
  note?: string | undefined;
}

export function isActive(status: StoredStatus): boolean {
  return (ACTIVE_STATUSES as readonly string[]).includes(status);
}

/** Whether a run uses a slot: a process executes it, or was started to execute it. */
export function isRunning({ status }: Pick<RunRecord, 'status'>): boolean {
  return status === 'starting' || status === 'running';
}

/**
 * Whether another machine has the run: its start was handed over, or a worker there executes it. No process of this
 * machine may be looked for then. A run whose rows are being finished at home has a process again.
 */
export function isRemote({ worker, process }: Pick<RunRecord, 'worker' | 'process'>): boolean {
  return worker !== null && process === null;
}

export function toRunStatus(status: StoredStatus): RunStatus {
  return status === 'starting' ? 'queued' : status;
}

/**
 * Returns the status of a run when an attempt ends. A cancelled or successful run is finished. After any other failure
 * the run waits for a retry while attempts are left.
 */
export function statusAfterAttempt(
  run: Pick<RunRecord, 'attempt' | 'maxAttempts' | 'cancelRequestedAt'>,
  outcome: AttemptResult['outcome'],
): RunStatus {
  if (outcome === 'succeeded') return 'succeeded';
  if (outcome === 'cancelled' || run.cancelRequestedAt !== null) return 'cancelled';
  return run.attempt < run.maxAttempts ? 'waiting_retry' : outcome;
}

/**
 * Maps a run's status to the job's status; `undefined` for a skipped or missed occurrence, which changes nothing
 * (docs/contributing/adr/0004).
 */
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
