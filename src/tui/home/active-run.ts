import { type RunRecord, type RunStatus, type Trigger, toRunStatus } from '../../core/model/run-record.ts';

/** An active run, as the header and the rows show it; instants in epoch milliseconds. */
export interface ActiveRun {
  readonly runId: string;
  readonly jobId: string;
  readonly configName: string;
  readonly status: RunStatus;
  readonly trigger: Trigger;
  readonly requestedBy: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  /** The earliest instant at which it starts or is retried. */
  readonly notBefore: number;
  readonly items: number;
  readonly pages: number;
  readonly bytes: number;
  readonly totalPages: number | null;
  /** From 0 to 1; `null` while the number of pages is unknown. */
  readonly progress: number | null;
  readonly cancelling: boolean;
  /** The worker on another machine that executes it; `null` for this machine, and before a worker has it. */
  readonly worker: string | null;
}

export function toActiveRun(run: RunRecord): ActiveRun {
  const { totalPages, pages } = run;
  return {
    runId: run.runId,
    jobId: run.jobId,
    configName: run.configName,
    status: toRunStatus(run.status),
    trigger: run.trigger,
    requestedBy: run.requestedBy,
    attempt: run.attempt,
    maxAttempts: run.maxAttempts,
    queuedAt: run.queuedAt,
    startedAt: run.startedAt,
    notBefore: run.notBefore,
    items: run.items,
    pages,
    bytes: run.bytes,
    totalPages,
    progress: totalPages === null || totalPages <= 0 ? null : Math.min(1, pages / totalPages),
    cancelling: run.cancelRequestedAt !== null,
    worker: run.worker || null,
  };
}

/** Whether the displayed values of the runs are equal. */
export function areRunsEqual(one: readonly ActiveRun[], other: readonly ActiveRun[]): boolean {
  return (
    one.length === other.length &&
    one.every((run, index) => {
      const counterpart = other[index];
      return counterpart !== undefined && isRunEqual(run, counterpart);
    })
  );
}

function isRunEqual(one: ActiveRun, other: ActiveRun): boolean {
  return (Object.keys(one) as (keyof ActiveRun)[]).every((key) => one[key] === other[key]);
}
