import type { OperationOutput } from '../../../core/operations/call-operation.ts';
import type { JobRow } from '../../home/job-row.ts';
import type { Failure } from '../../kernel/call.ts';
import type { ProgressSample } from '../../ui/run-progress.ts';
import type { StyledRow } from '../../ui/styled-row.ts';

declare module '../../kernel/model.ts' {
  interface EventKinds {
    /** What there is to say of a job. */
    job_detail: JobDetailAnswer;
  }
  interface State {
    /** What is told of the selected job. */
    detail: JobDetail;
  }
  interface SubscriptionKinds {
    /** One `job_detail` event: what there is to say of a job. With another `mark` it is asked anew. */
    job_detail: { jobId: string; version: string };
  }
}

/** What the operations say of the job that is selected, and where in it somebody reads. */
export interface JobDetail {
  /** Which job; empty before there was one. */
  readonly jobId: string;
  /** The last that was told; `null` until then. */
  readonly data: JobDetailData | null;
  /** Why nothing can be told, such as a file that cannot be used. */
  readonly failure: Failure | null;
  /** The first row that is shown. */
  readonly top: number;
  /** The run under way, and how far it had come when. */
  readonly runId: string | null;
  readonly samples: readonly ProgressSample[];
}

/** The job with its explanation and last runs, and its next runs with what is special about them. */
export interface JobDetailData {
  readonly job: OperationOutput<'get_job'>;
  readonly preview: OperationOutput<'preview_schedule'>;
  /** The newest run that is over, and what it warned of. */
  readonly lastRun?: { readonly run_id: string; readonly warnings: readonly string[] } | undefined;
}

/** What was told of a job, or why it could not be. */

type JobDetailAnswer = { readonly jobId: string } & (
  | { readonly data: JobDetailData }
  | { readonly failure: Failure }
);

export const NO_DETAIL: JobDetail = {
  ...{ jobId: '', data: null, failure: null, top: 0, runId: null, samples: [] },
};

/** What the detail of a job is made of. */
export interface DetailParts {
  readonly row: JobRow;
  /** What was told of this very job. */
  readonly detail: Pick<JobDetail, 'data' | 'failure'>;
  /** How far its run has come; see `progressSamples`. */
  readonly samples: readonly ProgressSample[];
  /** Epoch ms; to the minute. */
  readonly now: number;
  /** The zone of the clocks here. */
  readonly timezone: string;
  readonly columns: number;
  /** There is so little room that the parts follow each other without a blank row. */
  readonly dense: boolean;
}

/** A part of the detail: no rows when it has nothing to say. */
export type DetailSection = (parts: DetailParts) => readonly StyledRow[];
