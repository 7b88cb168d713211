import { type RunRecord, type RunStatus, shownStatus, type Trigger } from '../../core/run/record.ts';

/** A run that is not over, as the header and the rows show it; instants in epoch milliseconds. */
export interface RunUnderWay {
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
  /** Not before this it starts, or is tried again. */
  readonly notBefore: number;
  readonly items: number;
  readonly pages: number;
  readonly bytes: number;
  readonly totalPages: number | null;
  /** From 0 to 1; `null` where the number of pages is not known. */
  readonly progress: number | null;
  readonly cancelling: boolean;
}

export function toRunUnderWay(run: RunRecord): RunUnderWay {
  const { totalPages, pages } = run;
  return {
    runId: run.runId,
    jobId: run.jobId,
    configName: run.configName,
    status: shownStatus(run.status),
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
  };
}

/** Whether nothing that is shown of the runs differs. */
export function sameRuns(one: readonly RunUnderWay[], other: readonly RunUnderWay[]): boolean {
  return (
    one.length === other.length &&
    one.every((run, index) => {
      const counterpart = other[index];
      return counterpart !== undefined && sameRun(run, counterpart);
    })
  );
}

function sameRun(one: RunUnderWay, other: RunUnderWay): boolean {
  return (Object.keys(one) as (keyof RunUnderWay)[]).every((key) => one[key] === other[key]);
}
